import { useState } from 'react';
import type { Exchange, TokenUse } from '../../../shared/model/request.ts';
import { own } from '../../api/own.ts';
import { useSnapshot } from '../../api/use-engine.ts';
import { Chip, type Tone } from '../../ui/chip.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { TokenButtons } from '../auth-manager/index.ts';
import { newestFirst, TokenEventList } from '../history/index.ts';
import { formatSize } from './request-form.ts';
import styles from './requests.module.css';
import { HeaderTable, ResponseBody } from './response-body.tsx';
import { useRequests } from './stores.ts';

type ResponseTab = 'body' | 'headers' | 'token' | 'sent';

function statusTone(status: number): Tone {
  if (status < 300) return 'good';
  if (status < 400) return 'wait';
  return status < 500 ? 'warn' : 'bad';
}

const useWords: Record<TokenUse['kind'], string> = {
  none: 'no token',
  valid: 'valid token',
  expired: 'access token expired',
  updated: 'token updated first',
};

function Summary({ exchange }: { exchange: Exchange }) {
  const { outcome, timing, tokenUse } = exchange;
  const tokenWords =
    tokenUse.kind === 'updated' && tokenUse.after401 ? 'token updated after a 401' : useWords[tokenUse.kind];
  return (
    <div className={styles.summary}>
      {outcome.kind === 'response' && (
        <Chip tone={statusTone(outcome.response.status)}>
          <span role="status" aria-label="Response status">
            {`${outcome.response.status} ${outcome.response.statusText}`.trim()}
          </span>
        </Chip>
      )}
      <span title={`token ${Math.round(timing.tokenMs)} ms, first byte ${Math.round(timing.firstByteMs)} ms`}>
        {Math.round(timing.totalMs)} ms
      </span>
      {outcome.kind === 'response' && <span>{formatSize(outcome.response.sizeBytes)}</span>}
      <span>{tokenWords}</span>
      {!exchange.certificatesChecked && /^https:/i.test(exchange.request.url) && (
        <Chip tone="warn">TLS not verified</Chip>
      )}
    </div>
  );
}

function TokenStory({ exchange }: { exchange: Exchange }) {
  const all = useSnapshot((snapshot) => snapshot.tokens.events);
  const events = newestFirst(all.filter((event) => exchange.tokenEvents.includes(event.id)));
  if (events.length === 0) return <p className={styles.text}>Nothing: it was used as it was.</p>;
  return <TokenEventList events={events} label="What happened to the token" />;
}

/** Manual mode let an expired token go out: the buttons that mend it stand where that is read. */
function ExpiredNote({ profile, persona }: { profile: string; persona: string }) {
  return (
    <div className={styles.mend} role="note" aria-label="Access token expired">
      <span>
        <b>Access token expired.</b> Manual mode left it alone.
      </span>
      <TokenButtons profile={profile} persona={persona} />
    </div>
  );
}

function ExchangeView({ exchange }: { exchange: Exchange }) {
  const [tab, setTab] = useState<ResponseTab>('body');
  const { outcome, request, tokenUse, tokenEvents } = exchange;
  const response = outcome.kind === 'response' ? outcome.response : null;
  return (
    <>
      <Summary exchange={exchange} />
      {(tokenUse.kind === 'expired' || outcome.kind === 'failed') && (
        <div className={styles.notes}>
          {tokenUse.kind === 'expired' && (
            <ExpiredNote profile={tokenUse.profile} persona={tokenUse.persona} />
          )}
          {outcome.kind === 'failed' && <ErrorPanel error={outcome.error} />}
        </div>
      )}
      <Tabs
        label="Response"
        value={response === null && (tab === 'body' || tab === 'headers') ? 'token' : tab}
        onChange={setTab}
        tabs={[
          ...(response === null
            ? []
            : [
                {
                  value: 'body' as const,
                  label: 'Response',
                  content: (
                    <div className={styles.pane}>
                      <ResponseBody response={response} />
                    </div>
                  ),
                },
                {
                  value: 'headers' as const,
                  label: 'Response headers',
                  content: (
                    <div className={styles.pane}>
                      <HeaderTable headers={response.headers} label="Response headers" />
                    </div>
                  ),
                },
              ]),
          {
            value: 'token' as const,
            label: 'Token',
            count: tokenEvents.length,
            content: (
              <section className={styles.pane} aria-label="What happened to the token">
                <TokenStory exchange={exchange} />
              </section>
            ),
          },
          {
            value: 'sent' as const,
            label: 'As sent',
            content: (
              <div className={styles.pane}>
                <p className={styles.sent}>
                  {request.method} {request.url}
                </p>
                <HeaderTable headers={request.headers} label="Headers as sent" />
              </div>
            ),
          },
        ]}
      />
    </>
  );
}

/** What came of the last send of a request; the one before stays in sight while the next is under way. */
export function ResponsePanel({ id }: { id: string }) {
  const send = useRequests((state) => own(state.sends, id));
  const exchange = send?.kind === 'done' ? send.exchange : send?.kind === 'sending' ? send.before : null;
  return (
    <section className={styles.half} aria-label="Response" aria-busy={send?.kind === 'sending'}>
      {send === undefined && (
        <EmptyState title="Not sent yet" text="Send, or Ctrl+Enter, and the response stands here." />
      )}
      {send?.kind === 'failed' && (
        <div className={styles.notes}>
          <ErrorPanel error={send.error} />
        </div>
      )}
      {exchange !== null && <ExchangeView key={exchange.id} exchange={exchange} />}
      {send?.kind === 'sending' && exchange === null && <p className={styles.waiting}>Sending…</p>}
    </section>
  );
}
