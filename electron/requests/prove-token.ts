import type { ApiResponse } from '../../shared/model/request.ts';
import type { Secret } from '../../shared/secret.ts';
import { type DpopNonces, dpopProof, noteNonce } from '../oauth/dpop.ts';
import { parseChallenges } from './challenges.ts';
import { checkHeader, hasHeader } from './headers.ts';
import type { TokenToPlace } from './place-token.ts';
import type { PreparedRequest } from './prepare.ts';
import { valuesOf } from './response-body.ts';

/** The token of a request, and the key that it is bound to; null: to none. */
export interface ProvableToken extends Pick<TokenToPlace, 'accessToken' | 'tokenType' | 'placedToken'> {
  dpopKey: Secret | null;
}

function keyOf({ dpopKey, tokenType, placedToken }: ProvableToken): Secret | null {
  // A server that knows nothing of DPoP answers with a bearer token, which is not bound.
  const bound = tokenType.toLowerCase() === 'dpop' && placedToken === 'access_token';
  return bound ? dpopKey : null;
}

/**
 * The request with the proof that its token is used by whoever got it (RFC 9449 section 7.1), masked where it is shown. A
 * DPoP header that the person wrote stays as it is.
 */
export async function withProof(
  request: PreparedRequest,
  token: ProvableToken,
  nonces: DpopNonces,
  nowMs: number,
): Promise<PreparedRequest> {
  const key = keyOf(token);
  const { outgoing, shown } = request;
  if (key === null || hasHeader(outgoing.headers, 'dpop')) return request;
  const proved = { method: outgoing.method, url: outgoing.url, accessToken: token.accessToken };
  const proof = await dpopProof(key, proved, nonces, nowMs);
  const header = checkHeader({ name: 'DPoP', value: proof.reveal() });
  return {
    outgoing: { ...outgoing, headers: [...outgoing.headers, header] },
    shown: { ...shown, headers: [...shown.headers, { name: 'DPoP', value: proof.masked() }] },
  };
}

/**
 * Keeps the nonce that an API gave, if it did. True when it refused the request for want of that nonce, so that it is to
 * be sent once more (RFC 9449 section 9).
 */
export function wantsNonce(
  { outgoing }: PreparedRequest,
  response: Pick<ApiResponse, 'status' | 'headers'>,
  token: ProvableToken,
  nonces: DpopNonces,
): boolean {
  const nonce = valuesOf(response.headers, 'dpop-nonce')[0];
  if (keyOf(token) === null || nonce === undefined) return false;
  noteNonce(nonces, outgoing.url, nonce);
  return (
    response.status === 401 &&
    parseChallenges(valuesOf(response.headers, 'www-authenticate')).some(
      ({ parameters }) => parameters.get('error')?.toLowerCase() === 'use_dpop_nonce',
    )
  );
}
