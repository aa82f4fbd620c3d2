import type { ErrorWire } from '../../../shared/errors.ts';
import type { Finding } from '../../../shared/model/finding.ts';
import type { TokenActivity, TokenEvent } from '../../../shared/model/token.ts';

/** What the command line ends with, for CI. */
export const exitCodes = {
  ok: 0,
  /** It was sent, and the answer's status is 400 or above. */
  answered: 1,
  /** A finding is as grave as `--fail-on` says. */
  found: 1,
  /** It could not be done; the error's code says why. */
  failed: 2,
  /** The command line itself is wrong. */
  usage: 64,
} as const;

const colour = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code: number) => (text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
export const bold = paint(1);
export const dim = paint(2);
export const red = paint(31);
export const green = paint(32);
export const yellow = paint(33);

/** Names and server texts are hostile: no control characters reach the terminal. */
export function plain(text: string): string {
  return text.replace(/[^\P{Cc}\t\n]/gu, '');
}

/** A complaint about the command line without the value of an unknown option: `--vars=name=value` is a slip of the hand. */
export function withoutValues(complaint: string): string {
  return complaint.replace(/'(-[^'=\s]*)=.*'/s, "'$1=…'");
}

const bySeverity: Record<Finding['severity'], (text: string) => string> = {
  high: red,
  medium: yellow,
  low: bold,
  note: dim,
};

/** One finding: how grave, what, and where it is written. */
export function findingLine({ severity, text, source, code }: Finding): string {
  return `  ${bySeverity[severity](severity.padEnd(6))}  ${plain(text)}  ${dim(`${source} · ${code}`)}`;
}

/** An error as a person reads it: the code, what happened, the server's own words, what to do. */
export function printError(error: ErrorWire): void {
  console.error(`${red(`error ${error.code}`)}  ${plain(error.message)}`);
  const { server, details, action } = error;
  if (server !== undefined) {
    const words = [server.error, server.errorDescription, server.status && `HTTP ${server.status}`].filter(
      Boolean,
    );
    if (words.length > 0) console.error(`  the server said: ${plain(words.join(' · '))}`);
  }
  for (const finding of server?.findings ?? []) console.error(findingLine(finding));
  for (const [name, value] of Object.entries(details ?? {}))
    console.error(`  ${name}: ${plain(String(value))}`);
  if (action !== undefined) console.error(`  ${bold('what to do:')} ${plain(action)}`);
}

const badEvents = new Set<TokenEvent['kind']>([
  'refresh_refused',
  'refresh_failed',
  'obtain_failed',
  'rejected_by_api',
  'not_sent',
  'end_failed',
  'clock_differs',
]);

/** One line of a timeline: time, what happened, and its cause. */
export function timelineLine(event: TokenEvent): string {
  const time = new Date(event.atMs).toISOString().slice(11, 23);
  const mark = badEvents.has(event.kind) ? yellow('!') : green('●');
  const detail = event.detail === '' ? '' : dim(`  ${plain(event.detail)}`);
  return `${dim(time)}  ${mark} ${plain(event.title)}${detail}`;
}

/** What another process does, while this one waits for it. */
export function printWait(what: string): void {
  console.error(dim(`              … waiting: ${plain(what)}`));
}

/** What somebody must do on another device; null: nothing. Each line is for a person's eyes. */
export function promptLines(activity: TokenActivity): string[] | null {
  if (activity.kind === 'backchannel') {
    const words = activity.bindingMessage === '' ? '' : `, who is shown “${plain(activity.bindingMessage)}”`;
    return [`Waiting for ${plain(activity.who)} to approve on their device${words}.`];
  }
  if (activity.kind !== 'device') return null;
  const { userCode, verificationUri, verificationUriComplete } = activity;
  const enter = `Open ${plain(verificationUri)} in any browser and enter the code ${bold(plain(userCode))}`;
  if (verificationUriComplete === null) return [`${enter}.`];
  return [`${enter},`, `or open ${plain(verificationUriComplete)}, which has the code.`];
}

/** Milliseconds as a person reads them. */
export function duration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
