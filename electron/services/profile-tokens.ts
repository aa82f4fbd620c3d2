import { AppError } from '../../shared/errors.ts';
import type { Introspection, TokenEvent, TokenStatus } from '../../shared/model/token.ts';
import type { TokenInspection } from '../../shared/model/token-inspection.ts';
import type { Secret } from '../../shared/secret.ts';
import type { HeldToken } from '../oauth/revocation.ts';
import { credentialOf } from '../requests/place-token.ts';
import type { SendScope, TokenOptions } from '../requests/request-service.ts';
import type { SendOptions } from '../tokens/token-sends.ts';
import type { TokenService } from '../tokens/token-service.ts';
import type { TokenKey, TokenOwner, TokenSubject } from '../tokens/token-subject.ts';
import type { Host } from './host.ts';
import { activePersona, profileIn, type Scope } from './scope.ts';
import { networkIn, subjectOf, tokenKeyOf } from './subjects.ts';
import type { Variables } from './variables.ts';
import type { Workspace } from './workspace.ts';

/** Whose token set, in the open project and its active environment; `persona` null: the profile's active one. */
export interface TokenName {
  profile: string;
  persona: string | null;
}

/** The token service by profile and persona, for the open project: what calls and requests need of it. */
export interface ProfileTokens {
  /** Where one send gets its token and its way to servers from: both of the scope in which it began, read once. */
  within(scope: Scope): Pick<SendScope, 'tokens' | 'network'>;
  /** A shown token set's owner as its settings stand now; null when it is shown no more, or cannot be made ready. */
  subjectFor(key: TokenKey): Promise<TokenSubject | null>;
  /** Of every persona of every profile. */
  statuses(): Promise<TokenStatus[]>;
  get(name: TokenName): Promise<TokenStatus>;
  /** Get Access Token by the script of a test run, whether or not one is saved. Throws `test_run_busy`. */
  getFor(name: TokenName, testRun: string, signal: AbortSignal): Promise<TokenStatus>;
  refresh(name: TokenName): Promise<TokenStatus>;
  cancel(name: TokenName): Promise<void>;
  forget(name: TokenName): Promise<TokenStatus>;
  reveal(name: TokenName): Promise<Secret>;
  revealCredential(name: TokenName): Promise<ReturnType<typeof credentialOf>>;
  revoke(name: TokenName): Promise<{ status: TokenStatus; revoked: HeldToken['kind'][] }>;
  inspect(name: TokenName): Promise<TokenInspection>;
  introspect(name: TokenName, kind: HeldToken['kind']): Promise<Introspection>;
  logout(name: TokenName): Promise<{ status: TokenStatus; end: 'returned' | 'page' }>;
  clearSession(name: TokenName): Promise<TokenStatus>;
  /** Everyone for whom something may be held: the personas that stand in a profile, in all environments. */
  ownersOf(profile: string): TokenOwner[];
  /** Deletes whatever is held for owners that are no more. */
  drop(owners: readonly TokenOwner[]): Promise<void>;
  /**
   * Gives whatever is held for a persona, in all environments, to its new name, and lets `rename` write that down while
   * nothing can happen to any of it. When `rename` fails, everything stays with the old name; else `drop` ends that.
   */
  movePersona(
    profile: string,
    names: { from: string; to: string },
    rename: () => Promise<void>,
  ): Promise<void>;
  events(): Promise<TokenEvent[]>;
  /** Tells the windows every status anew: settings, variables or secrets have changed. */
  tellAll(): Promise<void>;
  /** Tells the windows the events that other processes have added to the timeline. */
  followEvents(): Promise<void>;
}

/** A profile whose variables cannot be filled in has no token to show, only the reason. */
function unusable(profile: string, persona: string, thrown: unknown): TokenStatus {
  return {
    profile,
    persona,
    access: { kind: 'none' },
    refresh: { kind: 'none' },
    idTokenHeld: false,
    sessionKept: false,
    clockAheadMs: null,
    findings: [],
    renewsAtMs: null,
    activity: { kind: 'idle' },
    refreshShown: false,
    refreshNowShown: false,
    failure: AppError.from(thrown).toWire(),
  };
}

function sending({ signal, requestName, onTokenEvent }: TokenOptions): SendOptions {
  return { signal, requestName, onEventId: onTokenEvent };
}

/** The personas of a profile; the active one is among them even when it is gone, to be told of. */
function personaNames(scope: Scope, profile: string): string[] {
  const names = profileIn(scope, profile).profile.personas.map(({ name }) => name);
  return [...new Set([...names, activePersona(scope, profile)])];
}

function scopeKey({ project, environmentId }: Scope) {
  return { project: project.folder, environment: environmentId };
}

/** A persona of a profile in each of the project's environments, and in none. */
function ownersIn(scope: Scope, profile: string, persona: string): TokenOwner[] {
  const { name } = profileIn(scope, profile).profile;
  const key = tokenKeyOf(scope, profile, persona);
  const environments = [null, ...scope.project.environments.map(({ id }) => id)];
  return environments.map((environment) => ({ key: { ...key, environment }, profile: { name } }));
}

/** Joins the token service to the open project. */
export function createProfileTokens(
  host: Host,
  workspace: Workspace,
  variables: Variables,
  service: TokenService,
): ProfileTokens {
  const subject = ({ profile, persona }: TokenName): Promise<TokenSubject> =>
    subjectOf(workspace.scope(), variables, profile, persona);

  async function statusOf(profile: string, persona: string): Promise<TokenStatus> {
    try {
      return await service.status(await subject({ profile, persona }));
    } catch (thrown) {
      return unusable(profile, persona, thrown);
    }
  }

  async function statuses(): Promise<TokenStatus[]> {
    if (!workspace.isOpen()) return [];
    const scope = workspace.scope();
    const names = scope.project.profiles.flatMap(({ id }) =>
      personaNames(scope, id).map((persona) => ({ id, persona })),
    );
    return Promise.all(names.map(({ id, persona }) => statusOf(id, persona)));
  }

  /** Does something to a token set and gives what came of it with the status after. */
  async function afterwards<Result>(
    name: TokenName,
    work: (subject: TokenSubject) => Promise<Result>,
  ): Promise<{ status: TokenStatus; result: Result }> {
    const own = await subject(name);
    const result = await work(own);
    return { status: await service.status(own), result };
  }

  return {
    within: (scope) => {
      const subjects = new Map<string, Promise<TokenSubject>>();
      const own = ({ profile, persona }: TokenName): Promise<TokenSubject> => {
        const name = JSON.stringify([profile, persona]);
        const made = subjects.get(name) ?? subjectOf(scope, variables, profile, persona);
        subjects.set(name, made);
        return made;
      };
      const placed = <Token extends object>({ profile }: TokenName, token: Token) => {
        const { placement, placedToken } = profileIn(scope, profile).profile;
        return { ...token, placement, placedToken };
      };
      return {
        network: async (name) =>
          name === null ? networkIn(scope, variables) : (await own(name)).profile.network(),
        tokens: {
          placementOf: ({ profile }) => profileIn(scope, profile).profile.placement,
          forSend: async (name, options) =>
            placed(name, await service.forSend(await own(name), sending(options))),
          async after401(name, rejected, options) {
            const other = await service.after401(await own(name), rejected, sending(options));
            return other && placed(name, other);
          },
        },
      };
    },
    async subjectFor(key) {
      if (!workspace.isShown(key)) return null;
      try {
        return await subject(key);
      } catch {
        // Its status says what is wrong with it.
        return null;
      }
    },
    statuses,
    get: async (name) => service.get(await subject(name)),
    getFor: async (name, testRun, signal) =>
      service.get({ ...(await subject(name)), hasScript: true, testRun }, signal),
    refresh: async (name) => service.refresh(await subject(name)),
    // By key alone, and in every environment: nothing that was changed or chosen meanwhile keeps an update from being ended.
    async cancel({ profile, persona }) {
      const scope = workspace.scope();
      const owners = ownersIn(scope, profile, persona ?? activePersona(scope, profile));
      for (const { key } of owners) service.cancel(key);
    },
    forget: async (name) => service.forget(await subject(name)),
    reveal: async (name) =>
      service.reveal(await subject(name), 'access_token', ({ accessToken }) => accessToken),
    async revealCredential(name) {
      const { placement, placedToken } = profileIn(workspace.scope(), name.profile).profile;
      return service.reveal(await subject(name), placedToken, (set) =>
        credentialOf({ ...set, placement, placedToken }),
      );
    },
    async revoke(name) {
      const { status, result } = await afterwards(name, (subject) => service.endings.revoke(subject));
      return { status, revoked: result };
    },
    inspect: async (name) => service.endings.inspect(await subject(name)),
    introspect: async (name, kind) => service.endings.introspect(await subject(name), kind),
    async logout(name) {
      const { status, result } = await afterwards(name, (subject) => service.endings.logout(subject));
      return { status, end: result };
    },
    clearSession: async (name) =>
      (await afterwards(name, (subject) => service.endings.clearSession(subject))).status,
    ownersOf(profile) {
      const scope = workspace.scope();
      const saved = scope.project.profiles.find(({ id }) => id === profile);
      const names = saved?.profile.personas.map(({ name }) => name) ?? [];
      return names.flatMap((persona) => ownersIn(scope, profile, persona));
    },
    drop: (owners) => service.drop(owners),
    async movePersona(profile, { from, to }, rename) {
      const owners = ownersIn(workspace.scope(), profile, from);
      await service.move(owners, (key) => ({ ...key, persona: to }), rename);
    },
    events: async () => {
      const state = workspace.state();
      return state.kind === 'closed' ? [] : service.events(state.project.folder);
    },
    async tellAll() {
      const scope = workspace.isOpen() ? workspace.scope() : null;
      const all = await statuses();
      // Another project or environment is shown by now: its own statuses are told.
      if (scope === null || !workspace.isShown(scopeKey(scope))) return;
      for (const status of all) host.emit({ kind: 'token_status', status });
    },
    followEvents: () => service.follow(),
  };
}
