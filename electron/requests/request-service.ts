import { AppError } from '../../shared/errors.ts';
import type { Placement } from '../../shared/model/placement.ts';
import type { ApiRequest, Exchange, Header, RequestAuth, TokenUse } from '../../shared/model/request.ts';
import type { Secret } from '../../shared/secret.ts';
import type { ResolvedNetwork } from '../network/resolved-network.ts';
import type { DpopNonces } from '../oauth/dpop.ts';
import { saysInvalidToken } from './challenges.ts';
import { checkPlace, placeToken, type TokenToPlace } from './place-token.ts';
import { type PreparedRequest, prepareRequest } from './prepare.ts';
import { type ProvableToken, wantsNonce, withProof } from './prove-token.ts';
import { valuesOf } from './response-body.ts';
import type { Sender, SentResponse } from './send.ts';
import type { VariableLookup } from './variables.ts';

/** A token for one request, where it goes, and what had to happen to it before. */
export interface SendToken extends TokenToPlace, ProvableToken {
  use: TokenUse;
  /** Ids of the token events that this request caused or waited for. */
  eventIds: string[];
}

export interface TokenOptions {
  signal: AbortSignal;
  /** Which request asks, for token events. */
  requestName: string;
  /** Hears of each token event at once, so that they are known too when no token comes of them. */
  onTokenEvent: (eventId: string) => void;
}

/** Whose token a request carries; `persona` null: the profile's active one. */
export interface TokenOwnerName {
  profile: string;
  persona: string | null;
}

/** Where requests get their tokens from: the token service, by profile and persona. */
export interface TokenSource {
  /** Where a profile's token goes. Throws `profile_not_found`. */
  placementOf(owner: TokenOwnerName): Placement;
  forSend(owner: TokenOwnerName, options: TokenOptions): Promise<SendToken>;
  /** Another token after the API rejected this one with a 401; null when none is to be had (Manual mode). */
  after401(owner: TokenOwnerName, rejected: Secret, options: TokenOptions): Promise<SendToken | null>;
}

/**
 * What names mean for one send, from its variables to its repeat after a 401: whatever is opened or chosen meanwhile, no
 * part of it goes to another environment, or as somebody else.
 */
export interface SendScope {
  lookup: VariableLookup;
  tokens: TokenSource;
  /** How servers are reached by a request that carries a token of `owner`'s; null: it carries none. */
  network(owner: TokenOwnerName | null): Promise<ResolvedNetwork>;
}

export interface RequestServiceParts {
  /** The clock, in milliseconds since the epoch. */
  now: () => number;
  /** Taken once for each send. */
  begin: () => SendScope;
  sender: Sender;
  /** A new random id for each exchange. */
  newId: () => string;
}

/** A request, and its auth with `inherit` resolved; what is still `inherit` carries no token. */
export interface RequestToSend {
  id: string;
  request: ApiRequest;
  auth: RequestAuth;
}

export interface RequestService {
  /** Sends once, and once more with another token after a 401. Every failure a person can meet is an outcome. */
  send(toSend: RequestToSend, signal: AbortSignal): Promise<Exchange>;
}

/** Creates the service that fills in, authorizes and sends requests. */
export function createRequestService(parts: RequestServiceParts): RequestService {
  const nonces: DpopNonces = new Map();
  return {
    async send(toSend, signal) {
      const sending = new Sending(parts, toSend, nonces, signal);
      try {
        const { response } = await sending.run();
        return sending.exchange({ kind: 'response', response });
      } catch (thrown) {
        if (!(thrown instanceof AppError)) throw thrown;
        return sending.exchange({ kind: 'failed', error: thrown.toWire() });
      }
    },
  };
}

/** One send, from variables to the last byte: it gathers what the exchange shows, also when it ends early. */
class Sending {
  readonly #parts: RequestServiceParts;
  readonly #nonces: DpopNonces;
  readonly #scope: SendScope;
  readonly #toSend: RequestToSend;
  readonly #signal: AbortSignal;
  readonly #sentAtMs: number;
  readonly #tokenEvents = new Set<string>();
  readonly #timing = { tokenMs: 0, firstByteMs: 0, downloadMs: 0 };
  #tokenUse: TokenUse = { kind: 'none' };
  #network: ResolvedNetwork | null = null;
  #shown: { url: string; headers: Header[] };

  constructor(parts: RequestServiceParts, toSend: RequestToSend, nonces: DpopNonces, signal: AbortSignal) {
    this.#parts = parts;
    this.#nonces = nonces;
    this.#scope = parts.begin();
    this.#toSend = toSend;
    this.#signal = signal;
    this.#sentAtMs = parts.now();
    this.#shown = { url: toSend.request.url, headers: toSend.request.headers };
  }

  async run(): Promise<SentResponse> {
    const { request, auth } = this.#toSend;
    // Before any token is asked for: a mistake in the request must not open a consent window.
    const prepared = await prepareRequest(request, this.#scope.lookup);
    this.#shown = prepared.shown;
    this.#network = await this.#scope.network(auth.kind === 'profile' ? auth : null);
    if (auth.kind !== 'profile') return this.#sendWith(prepared, null);
    checkPlace(prepared, this.#scope.tokens.placementOf(auth));

    const token = await this.#tokenFrom((tokens, options) => tokens.forSend(auth, options));
    const first = await this.#sendWith(prepared, token);
    const challenge = valuesOf(first.response.headers, 'www-authenticate');
    if (token === null || first.response.status !== 401 || !saysInvalidToken(challenge)) return first;

    const other = await this.#tokenFrom((tokens, options) =>
      tokens.after401(auth, token.accessToken, options),
    );
    return other === null ? first : this.#sendWith(prepared, other);
  }

  async #tokenFrom(
    ask: (tokens: TokenSource, options: TokenOptions) => Promise<SendToken | null>,
  ): Promise<SendToken | null> {
    const startMs = this.#parts.now();
    try {
      const token = await ask(this.#scope.tokens, {
        signal: this.#signal,
        requestName: this.#toSend.request.name,
        onTokenEvent: (id) => this.#tokenEvents.add(id),
      });
      if (token !== null) this.#tokenUse = token.use;
      for (const id of token?.eventIds ?? []) this.#tokenEvents.add(id);
      return token;
    } finally {
      this.#timing.tokenMs += this.#since(startMs);
    }
  }

  async #sendWith(prepared: PreparedRequest, token: SendToken | null): Promise<SentResponse> {
    const sent = await this.#sendProved(token === null ? prepared : placeToken(prepared, token), token);
    this.#timing.firstByteMs = sent.firstByteMs;
    this.#timing.downloadMs = sent.downloadMs;
    return sent;
  }

  /** Once more when the API gives a nonce to prove the token with. */
  async #sendProved(placed: PreparedRequest, token: SendToken | null): Promise<SentResponse> {
    const network = this.#network ?? (await this.#scope.network(null));
    const send = async () => {
      const request =
        token === null ? placed : await withProof(placed, token, this.#nonces, this.#parts.now());
      this.#shown = request.shown;
      const sent = await this.#parts.sender.send(request.outgoing, network, this.#signal);
      // Each answer's nonce is kept: some APIs give another one every time.
      return { sent, again: token !== null && wantsNonce(placed, sent.response, token, this.#nonces) };
    };
    const first = await send();
    return (first.again ? await send() : first).sent;
  }

  /** What came of it. First byte and download are those of the last response, the total is of everything. */
  exchange(outcome: Exchange['outcome']): Exchange {
    return {
      id: this.#parts.newId(),
      sentAtMs: this.#sentAtMs,
      request: { method: this.#toSend.request.method, ...this.#shown },
      certificatesChecked: this.#network?.verifyTls ?? true,
      outcome,
      tokenUse: this.#tokenUse,
      timing: { ...this.#timing, totalMs: this.#since(this.#sentAtMs) },
      tokenEvents: [...this.#tokenEvents],
    };
  }

  /** The clock may be set back meanwhile; no time is negative. */
  #since(startMs: number): number {
    return Math.max(0, this.#parts.now() - startMs);
  }
}
