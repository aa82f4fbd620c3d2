import { useState } from 'react';
import type { TokenActivity } from '../../../shared/model/token.ts';
import { copyText } from '../../api/copy-text.ts';
import { useNow } from '../../api/use-now.ts';
import { Button } from '../../ui/button.tsx';
import styles from './approval-prompt.module.css';
import { placeOf } from './approval-words.ts';
import { formatCountdown } from './token-words.ts';

type DeviceActivity = Extract<TokenActivity, { kind: 'device' }>;
type BackchannelActivity = Extract<TokenActivity, { kind: 'backchannel' }>;

function CopyCode({ code }: { code: string }) {
  const [said, setSaid] = useState<'Copied' | 'Not copied' | null>(null);
  async function copy(): Promise<void> {
    const copied = await copyText(code).then(
      () => true,
      () => false,
    );
    setSaid(copied ? 'Copied' : 'Not copied');
    setTimeout(() => setSaid(null), 2_000);
  }
  return (
    <Button aria-label="Copy code" onClick={() => void copy()}>
      {said ?? 'Copy'}
    </Button>
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
    <section className={styles.prompt} aria-label="Device code">
      <p>Open this page on any device, enter the code there and allow the access:</p>
      <p className={styles.place}>{placeOf(verificationUri)}</p>
      <div className={styles.row}>
        <output className={styles.code}>{userCode}</output>
        <CopyCode code={userCode} />
      </div>
      <div className={styles.row}>
        <a
          className={styles.open}
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
    <section className={styles.prompt} aria-label="Approval">
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
