import type { AppInfo, ProjectState, Settings, VaultStatus } from '../../shared/contract/calls.ts';
import type { EngineEvent } from '../../shared/contract/events.ts';
import { assertNever, type ErrorWire } from '../../shared/errors.ts';
import type { PlaygroundStatus } from '../../shared/model/playground.ts';
import type { Profile } from '../../shared/model/profile.ts';
import type { Project, SecretState } from '../../shared/model/project.ts';
import type { ApiRequest, RequestAuth } from '../../shared/model/request.ts';
import type { TestRun } from '../../shared/model/test-run.ts';
import { keptTokenEvents, type TokenEvent, type TokenStatus } from '../../shared/model/token.ts';

/** All that the engine has told this window, kept up to date by its events. No secret and no token is in it. */
export interface Snapshot {
  info: AppInfo;
  settings: Settings;
  vault: VaultStatus;
  project: ProjectState;
  playground: PlaygroundStatus;
  tokens: TokenSnapshot;
  /** The newest test run of each profile's script since this window was opened, by the profile's id. */
  testRuns: Record<string, TestRun>;
  /** How many steps each recording under way has, by profile. */
  recordings: Record<string, number>;
}

/** What depends on the vault and the open project. `problem`: why it could not be read. */
export interface TokenSnapshot {
  /** By `statusKey`. */
  statuses: Record<string, TokenStatus>;
  /** In the order in which they happened. */
  events: TokenEvent[];
  secrets: SecretState[];
  problem: ErrorWire | null;
}

export const noTokens: TokenSnapshot = { statuses: {}, events: [], secrets: [], problem: null };

/** The key of a token set's status in a snapshot. */
export function statusKey(profile: string, persona: string): string {
  return JSON.stringify([profile, persona]);
}

// Which events a list holds, so that a burst of new ones is not compared with thousands of old ones each time. It belongs
// to the newest list alone: whoever adds to an older one makes it anew.
const idsOf = new WeakMap<readonly TokenEvent[], Set<string>>();

/** The token events with those that were just told, each once, of which the newest `keptTokenEvents` are kept. */
function withTokenEvents(known: TokenEvent[], told: readonly TokenEvent[]): TokenEvent[] {
  const ids = idsOf.get(known) ?? new Set(known.map(({ id }) => id));
  idsOf.set(known, ids);
  const fresh = told.filter(({ id }) => {
    const before = ids.size;
    return ids.add(id).size > before;
  });
  if (fresh.length === 0) return known;
  const all = known.concat(fresh);
  const kept = all.slice(-keptTokenEvents);
  for (const { id } of all.slice(0, -keptTokenEvents)) ids.delete(id);
  idsOf.delete(known);
  idsOf.set(kept, ids);
  return kept;
}

function applyEvent(snapshot: Snapshot, event: Exclude<EngineEvent, { kind: 'token_event' }>): Snapshot {
  const { tokens } = snapshot;
  switch (event.kind) {
    case 'project':
      if (projectFolder(event.state) === projectFolder(snapshot.project)) {
        return { ...snapshot, project: event.state };
      }
      return { ...snapshot, project: event.state, testRuns: {}, recordings: {} };
    case 'settings':
      return { ...snapshot, settings: event.settings };
    case 'playground':
      return { ...snapshot, playground: event.status };
    case 'test_run':
      return withTestRun(snapshot, event.run.profile, event.run);
    case 'vault':
      return { ...snapshot, vault: event.status };
    case 'token_status': {
      const key = statusKey(event.status.profile, event.status.persona);
      const statuses = { ...tokens.statuses, [key]: event.status };
      return { ...snapshot, tokens: { ...tokens, statuses } };
    }
    case 'recording':
      return withRecording(snapshot, event.profile, event.steps);
    default:
      return assertNever(event);
  }
}

function projectFolder(state: ProjectState): string | null {
  return state.kind === 'open' ? state.project.folder : null;
}

/** Whether tokens and secrets must be read again after an event, because it changes what they are about. */
function needsTokensAgain(before: Snapshot, event: EngineEvent): boolean {
  if (event.kind === 'vault') return event.status.kind === 'open' && before.vault.kind !== 'open';
  if (event.kind === 'settings') return event.settings.environment !== before.settings.environment;
  return event.kind === 'project' && projectFolder(before.project) !== projectFolder(event.state);
}

/** What a batch of events came to. */
export interface Applied {
  snapshot: Snapshot;
  /** What no event tells and must be asked for: an edit of a project may name other secrets. */
  readAgain: 'nothing' | 'secrets' | 'tokens';
}

/** Applies events of the engine in their order, token events together: a burst of them costs one copy of the list. */
export function applyEvents(before: Snapshot, events: readonly EngineEvent[]): Applied {
  const told: TokenEvent[] = [];
  let snapshot = before;
  let readAgain: Applied['readAgain'] = 'nothing';
  for (const event of events) {
    if (event.kind === 'token_event') {
      told.push(event.event);
      continue;
    }
    if (needsTokensAgain(snapshot, event)) readAgain = 'tokens';
    else if (event.kind === 'project' && readAgain === 'nothing') readAgain = 'secrets';
    snapshot = applyEvent(snapshot, event);
  }
  const { tokens } = snapshot;
  const all = withTokenEvents(tokens.events, told);
  return {
    snapshot: all === tokens.events ? snapshot : { ...snapshot, tokens: { ...tokens, events: all } },
    readAgain,
  };
}

/** A new reading with what only events tell, as long as it is of the same project. */
export function withToldBefore(reading: Snapshot, before: Snapshot | null): Snapshot {
  if (before === null || openFolder(reading) !== openFolder(before)) return reading;
  return { ...reading, testRuns: before.testRuns, recordings: before.recordings };
}

/** The snapshot with a test run as it stands; null: its profile has none. */
export function withTestRun(snapshot: Snapshot, profile: string, run: TestRun | null): Snapshot {
  const { [profile]: _, ...others } = snapshot.testRuns;
  return { ...snapshot, testRuns: run === null ? others : { ...others, [profile]: run } };
}

/** The snapshot with the steps that a recording has so far; null: it is over. */
export function withRecording(snapshot: Snapshot, profile: string, steps: number | null): Snapshot {
  const { [profile]: _, ...others } = snapshot.recordings;
  return { ...snapshot, recordings: steps === null ? others : { ...others, [profile]: steps } };
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
  return { ...snapshot, project: { ...snapshot.project, project: change(snapshot.project.project) } };
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
