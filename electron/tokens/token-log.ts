import { randomUUID } from 'node:crypto';
import { AppError } from '../../shared/errors.ts';
import { keptTokenEvents, type TokenEvent } from '../../shared/model/token.ts';
import { projectMark, type StoredEvent, type TimelineFile } from './timeline-file.ts';
import type { TokenKey } from './token-subject.ts';

/** A token event before it has its id, its time and its owner; what is left out is null, or nobody. */
export type NewTokenEvent = Pick<TokenEvent, 'kind' | 'trigger' | 'title' | 'detail'> &
  Partial<Pick<TokenEvent, 'grant' | 'error' | 'durationMs' | 'answer' | 'waited' | 'waitedCount'>>;

/** The token events of all processes that share a timeline file; without one, of this process. */
export interface TokenLog {
  /** Adds an event and returns its id. */
  add(key: TokenKey, event: NewTokenEvent): string;
  /** Those of a project, oldest first, at most `keptTokenEvents` of all projects. */
  events(project: string): Promise<TokenEvent[]>;
  /** Takes over what other processes have added since. */
  follow(): Promise<void>;
  /** Waits until all that was added is in the file. */
  flush(): Promise<void>;
}

export interface TokenLogParts {
  now: () => number;
  /** Null: events end with the process, as its tokens do. */
  file: () => TimelineFile | null;
  /** Told each event of this process and, when it is followed, of others; `project` is its `projectMark`. */
  onEvent: (event: TokenEvent, project: string) => void;
  /** Told once of each reason why the file cannot be read or written; the events of this process are there all the same. */
  onProblem: (problem: AppError) => void;
}

/** Makes the log of a process. */
export function createTokenLog({ now, file, onEvent, onProblem }: TokenLogParts): TokenLog {
  let stored: StoredEvent[] = [];
  const known = new Set<string>();
  let unwritten: StoredEvent[] = [];
  const toldProblems = new Set<string>();
  let isFollowing = false;
  let isWriteDue = false;
  let work: Promise<void> = Promise.resolve();

  function keep(events: readonly StoredEvent[]): void {
    stored.push(...events);
    for (const { event } of events) known.add(event.id);
  }

  /** Cuts the oldest, now and then instead of at each event. */
  function trim(): void {
    if (stored.length < keptTokenEvents * 1.2) return;
    for (const { event } of stored.slice(0, -keptTokenEvents)) known.delete(event.id);
    stored = stored.slice(-keptTokenEvents);
  }

  /** One thing after another with the file; a failure is told, and stops nothing. */
  function inTurn(task: (timeline: TimelineFile) => Promise<void>): Promise<void> {
    work = work.then(async () => {
      const timeline = file();
      if (timeline === null) return;
      await task(timeline).catch((thrown: unknown) => tell(AppError.from(thrown)));
    });
    return work;
  }

  function tell(problem: AppError): void {
    if (!toldProblems.has(problem.message)) onProblem(problem);
    toldProblems.add(problem.message);
  }

  /** What could not be written is tried again with the next event, and not before: the disk may stay full for long. */
  async function write(timeline: TimelineFile): Promise<void> {
    const batch = unwritten;
    unwritten = [];
    if (batch.length === 0) return;
    try {
      await timeline.append(batch);
    } catch (thrown) {
      unwritten = [...batch, ...unwritten];
      throw thrown;
    }
  }

  /** All that comes in the same turn is one write. */
  function writeSoon(): void {
    if (isWriteDue) return;
    isWriteDue = true;
    // Not due any more once it begins: what comes while it is under way needs the next one.
    work = work.then(() => {
      isWriteDue = false;
    });
    void inTurn(write);
  }

  async function read(timeline: TimelineFile): Promise<void> {
    const foreign = (await timeline.added()).filter(({ event }) => !known.has(event.id));
    keep(foreign);
    // The others' may be older than ours, which must not be cut for them.
    stored.sort((one, other) => one.event.atMs - other.event.atMs);
    trim();
    // What was there before is asked for, not told.
    if (isFollowing) for (const { event, project } of foreign) onEvent(event, project);
    isFollowing = true;
  }

  return {
    add(key, added) {
      const { profile, persona, environment } = key;
      const event: TokenEvent = {
        ...{ error: null, durationMs: null, grant: null, answer: null, waited: [], waitedCount: 0 },
        ...added,
        ...{ id: randomUUID(), atMs: now(), profile, persona, environment },
      };
      const one = { project: projectMark(key.project), event };
      keep([one]);
      trim();
      unwritten.push(one);
      if (unwritten.length > 2 * keptTokenEvents) unwritten = unwritten.slice(-keptTokenEvents);
      writeSoon();
      onEvent(event, one.project);
      return event.id;
    },
    async events(project) {
      await inTurn(read);
      const mark = projectMark(project);
      return stored
        .filter((one) => one.project === mark)
        .map(({ event }) => event)
        .slice(-keptTokenEvents);
    },
    follow: () => inTurn(read),
    flush: () => inTurn(write),
  };
}
