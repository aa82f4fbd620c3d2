import type { ReactNode } from 'react';
import type { RedactedAnswer, TokenEvent } from '../../../shared/model/token.ts';
import { Chip, Tag } from '../../ui/chip.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { formatDuration, formatMoment } from '../../ui/time-words.ts';
import { withKeys } from '../../ui/with-keys.ts';
import styles from './event-facts.module.css';
import { triggerWords, waitedWords } from './event-words.ts';
import type { Names } from './names.ts';

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Waited({ event }: { event: TokenEvent }) {
  const words = waitedWords(event);
  if (words === null) return null;
  return (
    <Fact name="Requests">
      <bdi>{words}</bdi>
      {event.waited.length > 1 && (
        <div className={styles.tags}>
          {withKeys(event.waited, (name) => name).map(({ key, item }) => (
            <Tag key={key}>
              <bdi>{item}</bdi>
            </Tag>
          ))}
        </div>
      )}
    </Fact>
  );
}

function Answer({ answer }: { answer: RedactedAnswer }) {
  return (
    <table className={styles.answer}>
      <caption>
        <span>The server's answer</span>
        <Chip tone={answer.status < 400 ? 'good' : 'bad'}>HTTP {answer.status}</Chip>
      </caption>
      <tbody>
        {withKeys(answer.fields, ({ name }) => name).map(({ key, item: { name, value } }) => (
          <tr key={key}>
            <th scope="row">
              <bdi>{name}</bdi>
            </th>
            <td>
              <bdi>{value}</bdi>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** All there is to one token event. */
export function EventFacts({ event, names }: { event: TokenEvent; names: Names }) {
  const { trigger, detail, durationMs, grant, answer, error } = event;
  return (
    <div className={styles.all}>
      <dl className={styles.facts}>
        {detail !== '' && (
          <Fact name="Cause">
            <bdi className={styles.cause}>{detail}</bdi>
          </Fact>
        )}
        {trigger !== null && <Fact name="Asked for by">{triggerWords(trigger)}</Fact>}
        {grant !== null && (
          <Fact name="Grant">
            <code>{grant}</code>
          </Fact>
        )}
        <Fact name="Profile">
          <bdi>{names.profile(event.profile)}</bdi>
        </Fact>
        <Fact name="Persona">
          <bdi>{event.persona}</bdi>
        </Fact>
        <Fact name="Environment">
          <bdi>{names.environment(event.environment)}</bdi>
        </Fact>
        <Fact name="When">{formatMoment(event.atMs)}</Fact>
        {durationMs !== null && <Fact name="Took">{formatDuration(durationMs)}</Fact>}
        <Waited event={event} />
      </dl>
      <div className={styles.told}>
        {error !== null && (
          <ErrorPanel error={error}>
            <Tag>{error.code}</Tag>
          </ErrorPanel>
        )}
        {answer !== null && <Answer answer={answer} />}
      </div>
    </div>
  );
}
