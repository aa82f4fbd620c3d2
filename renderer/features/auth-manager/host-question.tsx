import { useId } from 'react';
import type { HostQuestion, TokenStatus } from '../../../shared/model/token.ts';
import { useProject, useSnapshot } from '../../api/use-engine.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import styles from './host-question.module.css';
import type { HostAnswer } from './host-question-store.ts';
import { useHostQuestions } from './stores.ts';

function questionOf({ activity }: TokenStatus): HostQuestion | null {
  return activity.kind === 'consent' ? activity.question : null;
}

/** The host as a person knows it; without https, which is as it should be. Nothing of it is ever cut. */
function hostWords(origin: string): string {
  return origin.replace(/^https:\/\//, '');
}

function Question({ status, question }: { status: TokenStatus; question: HostQuestion }) {
  const title = useId();
  const { profile, persona } = status;
  const name = useProject(
    (project) => project.profiles.find(({ id }) => id === profile)?.profile.name ?? profile,
  );
  const answer = useHostQuestions((state) => state.answer);
  const busy = useHostQuestions(({ answering }) => answering !== null);
  const failure = useHostQuestions((state) => (state.failure?.id === question.id ? state.failure : null));
  const say = (what: HostAnswer) => void answer(profile, question, what);
  return (
    <section className={styles.question} aria-labelledby={title}>
      <div className={styles.words} role="alert">
        <h2 id={title}>
          May the script of <bdi>“{name}”</bdi> type on <code>{hostWords(question.origin)}</code>?
        </h2>
        <p>
          This host is not one of the login's. What the script types there, as <bdi>{persona}</bdi>, may be a
          password. Its next step is <code>{question.words}</code>.
        </p>
      </div>
      <div className={styles.actions}>
        <Button disabled={busy} onClick={() => say('no')}>
          Don't allow
        </Button>
        <Button disabled={busy} onClick={() => say('once')}>
          Allow once
        </Button>
        <Button
          disabled={busy}
          title="Adds the host to Allowed hosts in the profile"
          onClick={() => say('profile')}
        >
          Allow for this profile
        </Button>
      </div>
      {failure !== null && (
        <div className={styles.failure}>
          <ErrorPanel error={failure.error} />
        </div>
      )}
    </section>
  );
}

/** Asks whether a script that is under way may type on the page of another host; one question after another. */
export function HostQuestionBanner() {
  const status = useSnapshot(({ tokens }) =>
    Object.values(tokens.statuses).find((each) => questionOf(each) !== null),
  );
  const question = status === undefined ? null : questionOf(status);
  if (status === undefined || question === null) return null;
  return <Question key={question.id} status={status} question={question} />;
}
