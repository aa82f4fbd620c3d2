import type { TokenUse } from '../../shared/model/request.ts';
import type { Secret } from '../../shared/secret.ts';
import type { FlightControl, UpdateWaiting } from './flight-control.ts';
import { policyFailure } from './policy-failure.ts';
import type { TokenLog } from './token-log.ts';
import type { TokenSet } from './token-set.ts';
import { isStale } from './token-status.ts';
import { fingerprint, type TokenSubject } from './token-subject.ts';
import { actionFor, type UpdateParts, type UpdateRun } from './update-parts.ts';

/** Who waits for a token: a request's name as the timeline shows it, for example "GET /orders". */
export interface SendOptions extends UpdateWaiting {
  requestName: string;
}

/** An access token to send a request with, how it stands, and the token events that were caused or waited for. */
export interface TokenForSend {
  accessToken: Secret;
  idToken: Secret | null;
  /** What the access token is bound to (RFC 9449); null: to no key. */
  dpopKey: Secret | null;
  tokenType: string;
  use: TokenUse;
  eventIds: string[];
}

/** Gives tokens to requests, as the refresh policy says. */
export interface TokenSends {
  /**
   * The token for a request, updated first where the refresh policy says so.
   * Throws `token_missing`, `consent_required`, `project_not_trusted`, and what an update or the vault fails with.
   */
  forSend(subject: TokenSubject, options: SendOptions): Promise<TokenForSend>;
  /**
   * Another token than the one that the API has just rejected, after at most one update; null when there is none to be
   * had (Manual mode). Throws as `forSend` does.
   */
  after401(subject: TokenSubject, rejected: Secret, options: SendOptions): Promise<TokenForSend | null>;
}

export interface TokenSendParts extends Pick<UpdateParts, 'now' | 'personPresent'> {
  log: TokenLog;
  control: FlightControl;
  /** The token set as it is held now; its status is told. */
  read: (subject: TokenSubject) => Promise<TokenSet | null>;
}

export function createTokenSends(parts: TokenSendParts): TokenSends {
  const { log, control, read } = parts;

  /** Updates for a request, and tells the request which events that caused. */
  async function updated(
    subject: TokenSubject,
    rejected: Secret | null,
    { signal, onEventId, requestName }: SendOptions,
    earlier: string[] = [],
  ): Promise<TokenForSend> {
    const eventIds = [...earlier];
    const run: UpdateRun = { trigger: 'send', fingerprint: fingerprint(subject), rejected };
    const noted = (id: string) => {
      eventIds.push(id);
      onEventId?.(id);
    };
    const set = await control.update(subject, run, { signal, requestName, onEventId: noted });
    return tokenForSend(set, updatedUse(subject, rejected !== null), eventIds);
  }

  /** Tells the timeline, and the request, of something that happened to this request alone. */
  function note(
    subject: TokenSubject,
    sending: SendOptions,
    event: Pick<Parameters<TokenLog['add']>[1], 'kind' | 'title' | 'detail' | 'error'>,
  ): string {
    const waiting = { waited: [sending.requestName], waitedCount: 1 };
    const id = log.add(subject.key, { trigger: 'send', ...event, ...waiting });
    sending.onEventId?.(id);
    return id;
  }

  return {
    async forSend(subject, sending) {
      const { profile, persona } = subject.key;
      const set = await read(subject);
      const action = actionFor(parts, subject, set, { trigger: 'send', rejected: null });
      if (set !== null && action === 'use') return tokenForSend(set, { kind: 'valid', profile, persona }, []);
      if (set !== null && action === 'send_expired') {
        const title = `${sending.requestName} sent with an expired token`;
        const detail = 'Manual mode, so nothing was done';
        const id = note(subject, sending, { kind: 'sent_expired', title, detail });
        return tokenForSend(set, { kind: 'expired', profile, persona }, [id]);
      }
      if (action === 'fail_token_missing') {
        const stale = set !== null && isStale(set, subject);
        const error = policyFailure(action, subject, { stale, refusal: null });
        const title = `${sending.requestName} not sent`;
        note(subject, sending, { kind: 'not_sent', title, detail: error.message, error: error.toWire() });
        throw error;
      }
      return updated(subject, null, sending);
    },
    async after401(subject, rejected, sending) {
      const set = await read(subject);
      const manual = subject.refreshMode === 'manual';
      const rejection = note(subject, sending, {
        kind: 'rejected_by_api',
        title: `${sending.requestName} rejected by the API`,
        detail: manual
          ? '401 · Manual mode, so nothing was done'
          : '401 · to be repeated once, with another token',
      });
      if (manual) return null;
      const action = actionFor(parts, subject, set, { trigger: 'send', rejected });
      if (set !== null && action === 'use') return tokenForSend(set, updatedUse(subject, true), [rejection]);
      const other = await updated(subject, rejected, sending, [rejection]);
      return other.accessToken.reveal() === rejected.reveal() ? null : other;
    },
  };
}

function updatedUse({ key }: TokenSubject, after401: boolean): TokenUse {
  return { kind: 'updated', profile: key.profile, persona: key.persona, after401 };
}

function tokenForSend(set: TokenSet, use: TokenUse, eventIds: string[]): TokenForSend {
  const { accessToken, idToken, dpopKey, tokenType } = set;
  return { accessToken, idToken, dpopKey, tokenType, use, eventIds };
}
