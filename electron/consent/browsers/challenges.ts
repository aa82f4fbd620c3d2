import { AppError } from '../../../shared/errors.ts';
import type { Secret } from '../../../shared/secret.ts';
import { createDeferred } from '../deferred.ts';
import { type ConsentPurpose, purposeWords } from './purpose.ts';

/** A server that asks for a user name and a password before it shows a page (RFC 9110 section 11, Basic or Digest). */
export interface Challenge {
  /** Scheme, host and port. */
  origin: string;
  /** The server's own word (hostile text). */
  realm: string;
  /** Whether a page asks, or only a frame within one. */
  mainFrame: boolean;
}

/** A user name and a password for one origin. */
export interface Credentials {
  /** Scheme, host and port that may be told them. */
  origin: string;
  username: string;
  password: Secret;
}

/** `prompt`: the person who is there is asked. `none`: the server's page for those without is shown. */
export type ChallengeAnswer =
  | { kind: 'credentials'; credentials: Credentials }
  | { kind: 'prompt' }
  | { kind: 'none' };

/** The login prompts of one flow's pages. */
export interface Challenges {
  /** What to answer. Credentials go to their own origin only, and once for each realm: a wrong password must not loop. */
  answer(challenge: Challenge): Promise<ChallengeAnswer>;
  /** Gives the credentials of one origin, in place of earlier ones; null: there will be none, for any. */
  authenticate(credentials: Credentials | null): void;
  /** The challenge that waits for credentials now; null: none. */
  open(): Challenge | null;
  /** Settles with `redirect`, or when a challenge begins to wait: the page does not come before that has been answered. */
  orAsked(redirect: Promise<unknown>): Promise<unknown>;
  /** The flow is over: nobody is waited for any more. */
  end(): void;
}

export interface ChallengeOptions {
  purpose: ConsentPurpose;
  /** Whether a person is there who can be asked; else the flow fails without credentials. */
  attended: boolean;
  /** How long credentials may still come when a server asks, in milliseconds; 0: none will. */
  waitMs: number;
  /** Hears why the flow cannot go on. */
  fail(error: AppError): void;
}

function shown({ realm }: Challenge): string {
  const words = realm.replace(/\s+/g, ' ').trim();
  return words === '' ? '' : ` (${words.slice(0, 100)})`;
}

function hostOf({ origin }: Challenge): string {
  return origin.replace(/^\w+:\/\//, '');
}

function missing(challenge: Challenge, purpose: ConsentPurpose): AppError {
  const host = hostOf(challenge);
  const message = `${host} asks for a user name and a password before it shows its page${shown(challenge)}, and none were given.`;
  return new AppError('consent_credentials_missing', message, {
    action: `Give them in the automation script, or ${purpose === 'logout' ? 'end the session' : 'sign in'} with somebody at the screen.`,
    details: { host },
  });
}

function refused(challenge: Challenge, purpose: ConsentPurpose): AppError {
  const host = hostOf(challenge);
  const message = `${host} did not take the user name and the password for its page${shown(challenge)}.`;
  return new AppError('consent_credentials_refused', message, {
    action: `Correct the values of the persona. ${purposeWords[purpose].again}.`,
    details: { host },
  });
}

/** Begins to answer the challenges of a flow. */
export function createChallenges({ purpose, attended, waitMs, fail }: ChallengeOptions): Challenges {
  const given = new Map<string, Credentials>();
  const answered = new Map<string, Set<string>>();
  const waiting = new Map<Challenge, (credentials: Credentials | null) => void>();
  const asked = createDeferred<void>();
  let over = false;

  function settle(which: (challenge: Challenge) => boolean, credentials: Credentials | null): void {
    for (const [challenge, go] of waiting) if (which(challenge)) go(credentials);
  }

  async function waitFor(challenge: Challenge): Promise<Credentials | null> {
    if (over || waitMs === 0) return null;
    const come = createDeferred<Credentials | null>();
    const timer = setTimeout(() => come.resolve(null), waitMs);
    waiting.set(challenge, come.resolve);
    asked.resolve();
    return come.promise.finally(() => {
      clearTimeout(timer);
      waiting.delete(challenge);
    });
  }

  function without(error: (challenge: Challenge, purpose: ConsentPurpose) => AppError, challenge: Challenge) {
    if (attended && !over) return { kind: 'prompt' } as const;
    // A frame that shows nothing is no reason to give the whole login up.
    if (!over && challenge.mainFrame) fail(error(challenge, purpose));
    return { kind: 'none' } as const;
  }

  return {
    async answer(challenge) {
      const { origin, realm } = challenge;
      const realms = () => answered.get(origin) ?? new Set();
      if (realms().has(realm)) return without(refused, challenge);
      const credentials = given.get(origin) ?? (await waitFor(challenge));
      if (credentials === null) return without(missing, challenge);
      // Another page of the same realm was faster.
      if (realms().has(realm)) return { kind: 'none' };
      answered.set(origin, realms().add(realm));
      return { kind: 'credentials', credentials };
    },
    authenticate(credentials) {
      if (credentials === null) {
        given.clear();
        settle(() => true, null);
        return;
      }
      given.set(credentials.origin, credentials);
      answered.delete(credentials.origin);
      settle(({ origin }) => origin === credentials.origin, credentials);
    },
    open: () => [...waiting.keys()][0] ?? null,
    orAsked(redirect) {
      const either = Promise.race([redirect, asked.promise]);
      // A flow may fail when nobody looks here any more.
      either.catch(() => undefined);
      return either;
    },
    end() {
      over = true;
      settle(() => true, null);
    },
  };
}
