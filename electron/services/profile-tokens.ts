import { AppError } from '../../shared/errors.ts';
import type { TokenEvent, TokenStatus } from '../../shared/model/token.ts';
import type { Secret } from '../../shared/secret.ts';
import type { TokenOptions, TokenSource } from '../requests/request-service.ts';
import type { SendOptions, TokenService } from '../tokens/token-service.ts';
import type { TokenSubject } from '../tokens/token-subject.ts';
import type { Host } from './host.ts';
import { subjectOf, tokenKeyOf } from './subjects.ts';
import type { Variables } from './variables.ts';
import type { Workspace } from './workspace.ts';

/** The token service by profile id, for the open project: what calls and requests need of it. */
export interface ProfileTokens extends TokenSource {
  statuses(): Promise<TokenStatus[]>;
  get(profile: string): Promise<TokenStatus>;
  refresh(profile: string): Promise<TokenStatus>;
  cancel(profile: string): Promise<void>;
  forget(profile: string): Promise<TokenStatus>;
  reveal(profile: string): Promise<Secret>;
  events(): TokenEvent[];
  /** Tells the windows every profile's status anew: settings, variables or secrets have changed. */
  tellAll(): Promise<void>;
}

/** A profile whose variables cannot be filled in has no token to show, only the reason. */
function unusable(profile: string, thrown: unknown): TokenStatus {
  return {
    profile,
    access: { kind: 'none' },
    refresh: { kind: 'none' },
    activity: { kind: 'idle' },
    refreshShown: false,
    refreshNowShown: false,
    failure: AppError.from(thrown).toWire(),
  };
}

function sending({ signal, requestName, onTokenEvent }: TokenOptions): SendOptions {
  return { signal, requestName, onEventId: onTokenEvent };
}

/** Joins the token service to the open project. */
export function createProfileTokens(
  host: Host,
  workspace: Workspace,
  variables: Variables,
  service: TokenService,
): ProfileTokens {
  const subject = (profile: string): Promise<TokenSubject> =>
    subjectOf(workspace.scope(), variables, profile);

  async function statusOf(profile: string): Promise<TokenStatus> {
    try {
      return await service.status(await subject(profile));
    } catch (thrown) {
      return unusable(profile, thrown);
    }
  }

  async function statuses(): Promise<TokenStatus[]> {
    const state = workspace.state();
    if (state.kind === 'closed') return [];
    return Promise.all(state.project.profiles.map(({ id }) => statusOf(id)));
  }

  /** Does something to a profile's token set and gives the status that came of it. */
  async function afterwards(
    profile: string,
    work: (subject: TokenSubject) => Promise<unknown>,
  ): Promise<TokenStatus> {
    const own = await subject(profile);
    await work(own);
    return service.status(own);
  }

  return {
    forSend: async (profile, options) => service.forSend(await subject(profile), sending(options)),
    after401: async (profile, rejected, options) =>
      service.after401(await subject(profile), rejected, sending(options)),
    statuses,
    get: (profile) => afterwards(profile, (subject) => service.get(subject)),
    refresh: (profile) => afterwards(profile, (subject) => service.refresh(subject)),
    // By key alone, and in every environment: nothing that was changed or chosen meanwhile keeps an update from being ended.
    async cancel(profile) {
      const scope = workspace.scope();
      const key = tokenKeyOf(scope, profile);
      const environments = [null, ...scope.project.environments.map(({ id }) => id)];
      for (const environment of environments) service.cancel({ ...key, environment });
    },
    forget: (profile) => afterwards(profile, (subject) => service.forget(subject)),
    reveal: async (profile) => service.reveal(await subject(profile)),
    events: () => service.events(),
    async tellAll() {
      for (const status of await statuses()) host.emit({ kind: 'token_status', status });
    },
  };
}
