import type { BrowserContext } from 'playwright-core';
import { isRedirect, isRefusal } from '../oauth/redirect.ts';
import type { RedirectCapture } from '../oauth/redirect-capture.ts';
import { type AskedHost, hostsOfLogin } from './automation/allowed-hosts.ts';
import type { ScriptWatcher } from './automation/run-script.ts';
import type { ConsentSession } from './browsers/consent-browser.ts';
import { withFirstPort } from './browsers/loopback-address.ts';
import type { ConsentFlow, ConsentOutcome, ConsentTimeouts, FlowWatcher, PageLook } from './consent-flow.ts';
import { endingElsewhere, notApproved } from './elsewhere.ts';
import { type TakenStep, writeFailureBundle } from './failure-bundle.ts';
import { type BrowserResult, type BrowserUse, cookiesLeft, type FailedSession } from './in-browser.ts';
import { type KeptSession, keepSignedIn } from './kept-session.ts';
import type { OpenedBrowser } from './open-first.ts';
import { type PageRecord, recordPages, withoutParameters } from './page-record.ts';
import { pictureOf } from './picture.ts';
import {
  addressSecrets,
  cookieSecrets,
  createRedactor,
  namelessSecrets,
  type ScriptVars,
  secretTexts,
} from './redact.ts';
import { workByScript } from './unattended.ts';

/** What all sign-ins of a service share. */
export interface SignInParts
  extends Pick<BrowserUse<unknown>, 'browsers' | 'now'>,
    Pick<Parameters<typeof workByScript>[3], 'startThread'> {
  limits: ConsentTimeouts;
  /** Opens a browser and works in it when it is this flow's turn. */
  inTurn: <Outcome>(use: BrowserUse<Outcome>, signal: AbortSignal) => Promise<BrowserResult<Outcome>>;
  /** Where the bundles of failed runs are kept; null: none are. */
  failureFolder: string | null;
}

/** How one sign-in is to go on. */
export interface SignInManner {
  attended: boolean;
  /** What the person is told above the page; null: nothing. */
  notice: string | null;
  /** The browser session to begin with. */
  begin: Pick<KeptSession, 'read'> | null;
  /** Hears of a sign-in that failed while its browser is still there. */
  onFailed?: (failed: FailedSession) => Promise<void>;
}

type Worked = RedirectCapture & { steps: number };

/** Notes each action of a script, and passes it on, without what `redact` finds by then. */
function trailOf(
  watcher: FlowWatcher | undefined,
  redact: (text: string) => Promise<string>,
  look: () => Promise<PageLook>,
): { steps: TakenStep[]; watcher: ScriptWatcher } {
  const steps: TakenStep[] = [];
  return {
    steps,
    watcher: {
      begins(step) {
        steps.push({ step, end: null });
        return watcher?.begins?.(step);
      },
      async ended(step, { reason, durationMs }) {
        const end = { reason: reason === null ? null : await redact(reason), durationMs };
        // Others may have begun meanwhile.
        const taken = steps.find((one) => one.step.index === step.index);
        if (taken !== undefined) taken.end = end;
        await watcher?.ended?.(step, end, look);
      },
    },
  };
}

/** Whether a script may give credentials to a page that asks for them. */
function mayAuthenticate({ script }: ConsentFlow): boolean {
  return script?.kind === 'script' && script.source.includes('authenticate');
}

/** One sign-in in one consent browser, from the authorization URL to the redirect. */
export async function signIn(
  parts: SignInParts,
  flow: ConsentFlow,
  manner: SignInManner,
  signal: AbortSignal,
): Promise<ConsentOutcome> {
  const { limits, now, browsers } = parts;
  const { attended } = manner;
  const redirectUri = withFirstPort(flow.redirectUri, flow.redirectPorts ?? []);
  const secrets = [flow.vars, ...namelessSecrets(flow.hidden ?? [])];
  const unhurried = attended || flow.shown === true || flow.stepping === true;
  const limitMs = unhurried ? limits.attended : limits.unattended;
  let watched: { session: ConsentSession; context: BrowserContext; record: PageRecord } | null = null;
  /** With the cookies that the pages have set by now. */
  const hiddenNow = async (): Promise<ScriptVars[]> => {
    return [...secrets, cookieSecrets(await cookiesLeft(watched?.session ?? null))];
  };
  const trail = trailOf(
    flow.watcher,
    async (text) => createRedactor(...(await hiddenNow()))(text),
    async () => {
      const page = watched?.context.pages().at(-1);
      if (page === undefined) return { url: null, picture: null };
      return { url: withoutParameters(page.url()), picture: await pictureOf(page, await hiddenNow()) };
    },
  );

  async function work(
    opened: OpenedBrowser,
    over: AbortSignal,
    note: (line: string) => void,
    person: <Answer>(wait: Promise<Answer>) => Promise<Answer>,
  ): Promise<Worked> {
    const { elsewhere } = flow;
    const { browser } = opened;
    const session = elsewhere === undefined ? opened.session : endingElsewhere(opened.session, elsewhere);
    const { page } = session;
    const { onAskHost } = flow;
    const ask =
      onAskHost &&
      (async (asked: AskedHost): Promise<boolean> => {
        // A page makes up the name of its host, and what was typed before may stand in it.
        const tells = secretTexts(secrets).some((text) => asked.origin.includes(text.toLowerCase()));
        return !tells && person(onAskHost(asked, over));
      });
    if (!attended && page !== null) {
      const context = page.context();
      watched = { session, context, record: recordPages(context) };
    }
    const url = await flow.begin(session.redirectUri);
    const state = flow.stateOf?.();
    secrets.push(addressSecrets(url), ...namelessSecrets(state === undefined ? [] : [state]));
    const hosts = hostsOfLogin(url, flow.scriptHosts ?? [], ask);
    // Before the first page: the server may send on to another host at once.
    if (page !== null) hosts.follow(page, url);
    await session.start(url, state);
    if (session.openUrl !== null) flow.onOpenUrl?.(session.openUrl);
    const outcome =
      attended || flow.script === null || page === null
        ? { ...(await session.redirect), steps: 0 }
        : await workByScript(session, page, flow.script, {
            ...{ vars: flow.vars, plain: flow.plain, hidden: secrets, hosts },
            ...{ signal: over, startThread: parts.startThread, watcher: trail.watcher, onLog: note },
            ...(elsewhere === undefined ? {} : { nothingCame: notApproved }),
            limits: {
              ...{ ...limits, unattended: limitMs },
              redirect: elsewhere?.withinMs ?? limits.redirect,
            },
            onSecret: (secret) => void secrets.push(secret),
          });
    const refused = elsewhere === undefined && isRefusal(outcome, session.redirectUri);
    if (flow.session !== null && browser.keepsSessions && !refused) {
      await keepSignedIn(flow.session, session, over, note);
    }
    return outcome;
  }

  async function keepFailure(failed: FailedSession): Promise<string | null> {
    await manner.onFailed?.(failed);
    if (watched === null || parts.failureFolder === null) return null;
    return writeFailureBundle(parts.failureFolder, {
      ...{ profileName: flow.profileName, steps: trail.steps, atMs: now(), hidden: secrets },
      ...{
        error: failed.error,
        redact: failed.redact,
        record: watched.record,
        pages: watched.context.pages(),
      },
    });
  }

  const { outcome, hidden } = await parts.inTurn<Worked>(
    {
      ...{
        purpose: 'sign-in',
        browsers,
        now,
        limitMs,
        personMs: limits.attended,
        visible: attended || flow.shown === true,
        worker: attended ? 'person' : 'script',
        // Nobody's turn is held while somebody steps through.
        waitsForTurn: !unhurried,
        usesSandbox: !attended && flow.script?.kind === 'script',
        title: flow.profileName,
      },
      ...{ secrets, kept: manner.begin, notice: manner.notice, work, keepFailure },
      tell: (line) => flow.onLog?.(line),
      ...{ redirectUri, redirectPorts: flow.redirectPorts, afterConsent: flow.afterConsent },
      isRedirect: (url) => isRedirect(url, redirectUri),
      // A script that never gives any is not waited for.
      credentialsWaitMs: !attended && mayAuthenticate(flow) ? limits.step : 0,
    },
    signal,
  );
  return { ...outcome, hidden };
}
