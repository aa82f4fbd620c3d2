import { randomUUID } from 'node:crypto';
import { AppError } from '../../shared/errors.ts';
import type { HostQuestion } from '../../shared/model/token.ts';
import type { AskedHost } from '../consent/automation/allowed-hosts.ts';
import { createDeferred, type Deferred } from '../consent/deferred.ts';
import { untilAborted } from '../consent/within.ts';

/** How a question is shown for as long as its consent goes on. */
export interface Asking {
  /** Aborted when the consent is over, and with it the question. */
  over: AbortSignal;
  /** Told the question, and null when it is over. */
  onQuestion?: (question: HostQuestion | null) => void;
  onAnswer?: (origin: string, allowed: boolean) => void;
}

/** What people are asked by consents under way: whether a script may type on a page of another host. */
export interface HostQuestions {
  /** Gives the answer once it comes; rejects when the consent is over. */
  ask(asked: AskedHost, asking: Asking): Promise<boolean>;
  /** Throws `question_over`. */
  answer(id: string, allow: boolean): void;
}

/** A step's words are shown up to this many characters: its end tells what is done. */
const shownCharacters = 400;

function endOf(words: string): string {
  return words.length > shownCharacters ? `…${words.slice(-shownCharacters)}` : words;
}

function questionOver(): AppError {
  return new AppError('question_over', 'This question is not open any more.', {
    action: 'It has been answered already, or the sign-in that asked it is over.',
  });
}

/** Makes those of an engine: every window sees each question, and any of them may answer it. */
export function createHostQuestions(): HostQuestions {
  const open = new Map<string, Deferred<boolean>>();
  return {
    async ask({ origin, words }, { over, onQuestion, onAnswer }) {
      const id = randomUUID();
      const answer = createDeferred<boolean>();
      open.set(id, answer);
      onQuestion?.({ id, origin, words: endOf(words) });
      try {
        const allowed = await untilAborted(answer.promise, over);
        onAnswer?.(origin, allowed);
        return allowed;
      } finally {
        open.delete(id);
        onQuestion?.(null);
      }
    },
    answer(id, allow) {
      const question = open.get(id);
      if (question === undefined) throw questionOver();
      open.delete(id);
      question.resolve(allow);
    },
  };
}
