import type { AppInfo, ProjectState, Settings, VaultStatus } from '../../shared/contract/calls.ts';
import type { EngineEvent } from '../../shared/contract/events.ts';
import { assertNever, type ErrorWire } from '../../shared/errors.ts';
import type { PlaygroundStatus } from '../../shared/model/playground.ts';
import type { Profile } from '../../shared/model/profile.ts';
import type { Project, SecretState } from '../../shared/model/project.ts';
import type { ApiRequest, RequestAuth } from '../../shared/model/request.ts';
import type { TokenEvent, TokenStatus } from '../../shared/model/token.ts';

/** All that the engine has told this window, kept up to date by its events. No secret and no token is in it. */
export interface Snapshot {
  info: AppInfo;
  settings: Settings;
  vault: VaultStatus;
  project: ProjectState;
  playground: PlaygroundStatus;
  tokens: TokenSnapshot;
}

/** What depends on the vault and the open project. `problem`: why it could not be read. */
export interface TokenSnapshot {
  /** By profile id. */
  statuses: Record<string, TokenStatus>;
  /** In the order in which they happened. */
  events: TokenEvent[];
  secrets: SecretState[];
  problem: ErrorWire | null;
}

export const noTokens: TokenSnapshot = { statuses: {}, events: [], secrets: [], problem: null };

/** As many token events as a window keeps; older ones are read again at the next start. */
const eventLimit = 1_000;

/** The snapshot after one event of the engine. */
export function applyEvent(snapshot: Snapshot, event: EngineEvent): Snapshot {
  const { tokens } = snapshot;
  switch (event.kind) {
    case 'project':
      return { ...snapshot, project: event.state };
    case 'playground':
      return { ...snapshot, playground: event.status };
    case 'vault':
      return { ...snapshot, vault: event.status };
    case 'token_status': {
      const statuses = { ...tokens.statuses, [event.status.profile]: event.status };
      return { ...snapshot, tokens: { ...tokens, statuses } };
    }
    case 'token_event': {
      if (tokens.events.some((known) => known.id === event.event.id)) return snapshot;
      return {
        ...snapshot,
        tokens: { ...tokens, events: [...tokens.events, event.event].slice(-eventLimit) },
      };
    }
    default:
      return assertNever(event);
  }
}

function projectFolder(state: ProjectState): string | null {
  return state.kind === 'open' ? state.project.folder : null;
}

/** Whether tokens and secrets must be read again after an event, because it changes what they are about. */
export function needsTokensAgain(before: Snapshot, event: EngineEvent): boolean {
  if (event.kind === 'vault') return event.status.kind === 'open' && before.vault.kind !== 'open';
  return event.kind === 'project' && projectFolder(before.project) !== projectFolder(event.state);
}

/** The open project's folder, or null. */
export function openFolder(snapshot: Snapshot | null): string | null {
  return snapshot === null ? null : projectFolder(snapshot.project);
}

/** `inherit` resolved through the folders above a request, as the engine does it. */
export function effectiveAuth(project: Project, id: string, auth: RequestAuth): RequestAuth {
  if (auth.kind !== 'inherit') return auth;
  const parts = id.split('/').slice(0, -1);
  for (; parts.length > 0; parts.pop()) {
    const found = project.folders.find((folder) => folder.id === parts.join('/'))?.folder.auth;
    if (found !== undefined && found.kind !== 'inherit') return found;
  }
  return { kind: 'none' };
}

function withProject(snapshot: Snapshot, change: (project: Project) => Project): Snapshot {
  if (snapshot.project.kind === 'closed') return snapshot;
  return { ...snapshot, project: { kind: 'open', project: change(snapshot.project.project) } };
}

/** The snapshot with a profile as it was just saved, before the engine's event says so. */
export function withProfile(snapshot: Snapshot, id: string, profile: Profile): Snapshot {
  return withProject(snapshot, (project) => ({
    ...project,
    profiles: project.profiles.map((entry) => (entry.id === id ? { ...entry, profile } : entry)),
  }));
}

/** The snapshot with a request as it was just saved, before the engine's event says so. */
export function withRequest(snapshot: Snapshot, id: string, request: ApiRequest): Snapshot {
  return withProject(snapshot, (project) => ({
    ...project,
    requests: project.requests.map((entry) =>
      entry.id === id ? { id, request, effectiveAuth: effectiveAuth(project, id, request.auth) } : entry,
    ),
  }));
}
