import type { TokenActivity } from '../../../shared/model/token.ts';
import { copyText } from '../../api/copy-text.ts';
import { useNow } from '../../api/use-now.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import styles from './approval-prompt.module.css';
import { placeOf } from './approval-words.ts';
import token from './token.module.css';
import { formatCountdown } from './token-words.ts';

type DeviceActivity = Extract<TokenActivity, { kind: 'device' }>;
type BackchannelActivity = Extract<TokenActivity, { kind: 'backchannel' }>;

/** Whether the code is in the clipboard. */
function copied(code: string): Promise<boolean> {
  return copyText(code).then(
    () => true,
    () => false,
  );
}

/** How long there is still time for it. */
function TimeLeft({ untilMs }: { untilMs: number }) {
  const leftMs = Math.max(0, untilMs - useNow());
  return <p className={styles.left}>{formatCountdown(leftMs)} left</p>;
}

function DeviceCode({ activity }: { activity: DeviceActivity }) {
  const { userCode, verificationUri, verificationUriComplete, expiresAtMs } = activity;
  return (
    <section className={token.notice} aria-label="Device code">
      <p>Open this page on any device, enter the code there and allow the access:</p>
      <p className={styles.place}>{placeOf(verificationUri)}</p>
      <div className={styles.row}>
        <output className={styles.code}>{userCode}</output>
        <CopyButton label="Copy code" copy={() => copied(userCode)} />
      </div>
      <div className={styles.row}>
        <a
          className={token.open}
          href={verificationUriComplete ?? verificationUri}
          target="_blank"
          rel="noopener noreferrer"
        >
          Open the page
        </a>
        <TimeLeft untilMs={expiresAtMs} />
      </div>
      <p className={styles.left}>The token comes here by itself as soon as you have allowed it.</p>
    </section>
  );
}

function Asked({ activity }: { activity: BackchannelActivity }) {
  const { who, bindingMessage, expiresAtMs } = activity;
  return (
    <section className={token.notice} aria-label="Approval">
      <p>
        The server has asked <b>{who}</b> on their own device. The token comes here by itself as soon as they
        approve.
      </p>
      {bindingMessage !== '' && (
        <p>
          They must see these words there: <b>{bindingMessage}</b>
        </p>
      )}
      <TimeLeft untilMs={expiresAtMs} />
    </section>
  );
}

/** What somebody is to do on another device before there is a token; nothing while there is nothing to do. */
export function ApprovalPrompt({ activity }: { activity: TokenActivity }) {
  if (activity.kind === 'device') return <DeviceCode activity={activity} />;
  return activity.kind === 'backchannel' ? <Asked activity={activity} /> : null;
}
