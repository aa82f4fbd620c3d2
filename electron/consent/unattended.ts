import type { Page } from 'playwright-core';
import { AppError } from '../../shared/errors.ts';
import type { PageScript } from '../../shared/model/page-script.ts';
import type { RedirectCapture } from '../oauth/redirect-capture.ts';
import type { AllowedHosts } from './automation/allowed-hosts.ts';
import { runPageScripts } from './automation/page-scripts.ts';
import { runScript, type ScriptStep, type ScriptWatcher } from './automation/run-script.ts';
import type { StartSandboxThread } from './automation/sandbox-thread.ts';
import type { ConsentSession } from './browsers/consent-browser.ts';
import type { ScriptVars } from './redact.ts';
import { within } from './within.ts';

/** What works the screens: a script in the sandbox, or page scripts in the page itself. `fileName` is for messages. */
export type Automation =
  | { kind: 'script'; source: string; fileName: string }
  | { kind: 'page_scripts'; pages: PageScript[]; fileName: string };

export interface UnattendedFlow {
  vars: ScriptVars;
  /** What the script finds there too, and may be shown. */
  plain?: Readonly<Record<string, string>> | undefined;
  /** What else stands in no text that comes of it. */
  hidden: readonly ScriptVars[];
  /** The hosts whose pages the script may send text to; it follows the page already. */
  hosts: AllowedHosts;
  /** Hears of what the script makes that may stand in no text. */
  onSecret: (secret: ScriptVars) => void;
  /** What it is when nothing comes of the script's end; default: that no redirect came. */
  nothingCame?: ((waitedMs: number) => AppError) | undefined;
  /** Milliseconds; see `ConsentTimeouts`. */
  limits: { unattended: number; redirect: number; step: number };
  watcher?: ScriptWatcher | undefined;
  onLog?: ((line: string) => void) | undefined;
  signal: AbortSignal;
  startThread?: StartSandboxThread | undefined;
}

/** How long a failure may be due to a redirect that is just on its way. */
export const graceMs = 500;

type ScriptEnd =
  | { kind: 'redirect'; capture: RedirectCapture }
  | { kind: 'ended' }
  | { kind: 'failed'; error: AppError };

function noRedirect(waitedMs: number): AppError {
  const waited = `${waitedMs / 1000} s`;
  return new AppError(
    'consent_no_redirect',
    `The automation script came to its end, but the server did not send back to the redirect URI within ${waited}.`,
    { action: 'Look at the page that was showing: the script must go on from there, or the server refused.' },
  );
}

/**
 * Lets the script work the screens. The redirect ends it wherever it stands; a script that fails because the redirect
 * had come already has not failed.
 */
export async function workByScript(
  session: ConsentSession,
  page: Page,
  script: Automation,
  flow: UnattendedFlow,
): Promise<RedirectCapture & { steps: number }> {
  const over = new AbortController();
  let steps = 0;
  const shared = {
    page,
    logins: { origin: () => session.challenge()?.origin ?? null, give: session.authenticate },
    vars: flow.vars,
    plain: flow.plain,
    hidden: flow.hidden,
    hosts: flow.hosts,
    onSecret: flow.onSecret,
    signal: AbortSignal.any([flow.signal, over.signal]),
    timeLimitMs: flow.limits.unattended,
    stepLimitMs: flow.limits.step,
    watcher: {
      ...flow.watcher,
      begins(step: ScriptStep) {
        steps = step.index;
        return flow.watcher?.begins?.(step);
      },
    },
  };
  const run =
    script.kind === 'page_scripts'
      ? runPageScripts({ ...script, ...shared })
      : runScript({ ...script, ...shared, onLog: flow.onLog, startThread: flow.startThread });
  const running = run.then(
    (): ScriptEnd => ({ kind: 'ended' }),
    (thrown: unknown): ScriptEnd => ({ kind: 'failed', error: AppError.from(thrown) }),
  );
  const redirected = session.redirect.then((capture): ScriptEnd => ({ kind: 'redirect', capture }));
  const end = await Promise.race([redirected, running]).finally(() => over.abort());
  if (end.kind === 'redirect') return { ...end.capture, steps };
  if (end.kind === 'failed' && end.error.code === 'script_syntax') throw end.error;

  // An error page does not go on by itself, so it is not worth the whole wait.
  const stopped = (session.status() ?? 0) >= 400;
  const waitMs =
    end.kind === 'failed' || stopped ? Math.min(graceMs, flow.limits.redirect) : flow.limits.redirect;
  const capture = await within(waitMs, session.redirect);
  if (capture !== null) return { ...capture, steps };
  throw end.kind === 'failed' ? end.error : (flow.nothingCame ?? noRedirect)(waitMs);
}
