import { AppError } from '../../shared/errors.ts';
import type { Introspection, TokenEvent, TokenStatus } from '../../shared/model/token.ts';
import type { Secret } from '../../shared/secret.ts';
import type { HeldToken } from '../oauth/revocation.ts';
import type { TokenOptions, TokenSource } from '../requests/request-service.ts';
import type { SendOptions } from '../tokens/token-sends.ts';
import type { TokenService } from '../tokens/token-service.ts';
import type { TokenKey, TokenOwner, TokenSubject } from '../tokens/token-subject.ts';
import type { Host } from './host.ts';
import { activePersona, profileIn, type Scope } from './scope.ts';
import { subjectOf, tokenKeyOf } from './subjects.ts';
import type { Variables } from './variables.ts';
import type { Workspace } from './workspace.ts';

/** Whose token set, in the open project and its active environment; `persona` null: the profile's active one. */
export interface TokenName {
  profile: string;
  persona: string | null;
}

/** The token service by profile and persona, for the open project: what calls and requests need of it. */
export interface ProfileTokens extends TokenSource {
  /** Of every persona of every profile. */
  statuses(): Promise<TokenStatus[]>;
  get(name: TokenName): Promise<TokenStatus>;
  refresh(name: TokenName): Promise<TokenStatus>;
  cancel(name: TokenName): Promise<void>;
  forget(name: TokenName): Promise<TokenStatus>;
  reveal(name: TokenName): Promise<Secret>;
  revoke(name: TokenName): Promise<{ status: TokenStatus; revoked: HeldToken['kind'][] }>;
  introspect(name: TokenName, kind: HeldToken['kind']): Promise<Introspection>;
  logout(name: TokenName): Promise<{ status: TokenStatus; end: 'returned' | 'page' }>;
  clearSession(name: TokenName): Promise<TokenStatus>;
  /** Everyone for whom something may be held: all personas of a profile in all environments. */
  ownersOf(profile: string): TokenOwner[];
  /** Deletes whatever is held for owners that are no more. */
  drop(owners: readonly TokenOwner[]): Promise<void>;
  /** Takes whatever is held for a persona, in all environments, along to its new name. */
  movePersona(profile: string, from: string, to: string): Promise<void>;
  events(): Promise<TokenEvent[]>;
  /** Tells the windows every status anew: settings, variables or secrets have changed. */
  tellAll(): Promise<void>;
  /** Takes over what other processes have done: tells the windows each status and event that has changed. */
  follow(): Promise<void>;
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
    if (workspace.state().kind === 'closed') return [];
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

  const statusAfter = async (name: TokenName, work: (subject: TokenSubject) => Promise<unknown>) =>
    (await afterwards(name, work)).status;

  return {
    forSend: async (name, options) => service.forSend(await subject(name), sending(options)),
    after401: async (name, rejected, options) =>
      service.after401(await subject(name), rejected, sending(options)),
    statuses,
    get: (name) => statusAfter(name, (subject) => service.get(subject)),
    refresh: (name) => statusAfter(name, (subject) => service.refresh(subject)),
    // By key alone, and in every environment: nothing that was changed or chosen meanwhile keeps an update from being ended.
    async cancel({ profile, persona }) {
      const scope = workspace.scope();
      const owners = ownersIn(scope, profile, persona ?? activePersona(scope, profile));
      for (const { key } of owners) service.cancel(key);
    },
    forget: (name) => statusAfter(name, (subject) => service.forget(subject)),
    reveal: async (name) => service.reveal(await subject(name)),
    async revoke(name) {
      const { status, result } = await afterwards(name, (subject) => service.endings.revoke(subject));
      return { status, revoked: result };
    },
    introspect: async (name, kind) => service.endings.introspect(await subject(name), kind),
    async logout(name) {
      const { status, result } = await afterwards(name, (subject) => service.endings.logout(subject));
      return { status, end: result };
    },
    clearSession: (name) => statusAfter(name, (subject) => service.endings.clearSession(subject)),
    ownersOf(profile) {
      const scope = workspace.scope();
      return personaNames(scope, profile).flatMap((persona) => ownersIn(scope, profile, persona));
    },
    drop: (owners) => service.drop(owners),
    async movePersona(profile, from, to) {
      for (const owner of ownersIn(workspace.scope(), profile, from)) {
        const key: TokenKey = { ...owner.key, persona: to };
        await service.move(owner, key);
      }
    },
    events: async () => {
      const state = workspace.state();
      return state.kind === 'closed' ? [] : service.events(state.project.folder);
    },
    async tellAll() {
      for (const status of await statuses()) host.emit({ kind: 'token_status', status });
    },
    async follow() {
      await statuses();
      await service.follow();
    },
  };
}
