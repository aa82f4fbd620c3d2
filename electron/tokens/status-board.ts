import type { AppError } from '../../shared/errors.ts';
import type { TokenActivity, TokenStatus } from '../../shared/model/token.ts';
import { timerMs } from './expiry.ts';
import type { TokenSet } from './token-set.ts';
import { isStale, tokenStatus } from './token-status.ts';
import { type TokenKey, type TokenSubject, tokenEntryName } from './token-subject.ts';

/** What this process knows of one token set. */
interface Known {
  subject: TokenSubject;
  set: TokenSet | null;
  sessionKept: boolean;
  activity: TokenActivity;
  failure: AppError | null;
  /** Whether `failure` is only that the token set could not be stored. */
  unsaved: boolean;
  /** Why the token set cannot be read at this moment. */
  unreadable: AppError | null;
  shown: string;
  timer: NodeJS.Timeout | undefined;
}

type Change = Partial<Omit<Known, 'subject' | 'shown' | 'timer'>>;

/** The status of every token set that this process has to do with, told whenever it changes. */
export interface StatusBoard {
  /** Notes the subject's present settings and what else has changed, and returns the status. */
  present(subject: TokenSubject, change: Change): TokenStatus;
  /** Notes what has changed, whatever the settings are by now. */
  note(key: TokenKey, change: Change): void;
  /** A token set that could not be stored has been. */
  saved(entry: string): void;
  /** The subject as it was presented last; undefined when it never was. */
  subject(entry: string): TokenSubject | undefined;
  /** Whoever owned it is no more. */
  forget(entry: string): void;
  dispose(): void;
}

/** A board that tells each change to `onStatus`; `onStale` hears when settings leave a token set behind. */
export function createStatusBoard(parts: {
  now: () => number;
  onStatus: (status: TokenStatus, key: TokenKey) => void;
  onStale: (subject: TokenSubject) => void;
}): StatusBoard {
  const board = new Map<string, Known>();

  function show(entry: string, known: Known): TokenStatus {
    const failure = known.unreadable ?? known.failure;
    const status = tokenStatus(known.subject, { ...known, failure }, parts.now());
    clearTimeout(known.timer);
    if (status.refresh.kind === 'usable' && status.refresh.expiresAtMs !== null) {
      // The Refresh button goes the moment its token expires, with nobody asking.
      const inMs = timerMs(status.refresh.expiresAtMs - parts.now());
      known.timer = setTimeout(() => show(entry, known), inMs).unref();
    }
    const shown = JSON.stringify(status);
    if (shown !== known.shown) {
      known.shown = shown;
      parts.onStatus(status, known.subject.key);
    }
    return status;
  }

  function change(entry: string, known: Known, changed: Change & { subject?: TokenSubject }): TokenStatus {
    const wasFresh = known.set !== null && !isStale(known.set, known.subject);
    const another =
      changed.set != null && changed.set.accessToken.reveal() !== known.set?.accessToken.reveal();
    // A new token set is an update that succeeded, in whichever process.
    if (another && !known.unsaved) known.failure = null;
    Object.assign(known, changed);
    if (wasFresh && known.set !== null && isStale(known.set, known.subject)) parts.onStale(known.subject);
    return show(entry, known);
  }

  return {
    present(subject, changed) {
      const entry = tokenEntryName(subject.key);
      const known = board.get(entry) ?? newlyKnown(subject);
      board.set(entry, known);
      return change(entry, known, { subject, ...changed });
    },
    note(key, changed) {
      const entry = tokenEntryName(key);
      const known = board.get(entry);
      if (known !== undefined) change(entry, known, changed);
    },
    saved(entry) {
      const known = board.get(entry);
      if (known?.unsaved) change(entry, known, { failure: null, unsaved: false });
    },
    subject: (entry) => board.get(entry)?.subject,
    forget(entry) {
      clearTimeout(board.get(entry)?.timer);
      board.delete(entry);
    },
    dispose() {
      for (const { timer } of board.values()) clearTimeout(timer);
      board.clear();
    },
  };
}

function newlyKnown(subject: TokenSubject): Known {
  return {
    subject,
    set: null,
    sessionKept: false,
    activity: { kind: 'idle' },
    failure: null,
    unsaved: false,
    unreadable: null,
    shown: '',
    timer: undefined,
  };
}
