import fc from 'fast-check';
import type { ClientExchange } from '../../../../electron/oauth/client-request.ts';
import type { PostedEndpoint } from '../../../../electron/oauth/endpoint-failure.ts';
import {
  headers,
  hostileForm,
  hostileJson,
  hostileObject,
  hostileText,
  sent,
  statuses,
  written,
} from './arbitrary.ts';

export const nowMs = Date.UTC(2030, 0, 1);

const members = [
  'access_token access_token accessToken token token_type expires_in expires_at refresh_token refreshToken id_token',
  'refresh_expires_in refresh_token_expires_in scope scopes error errorCode error_description message detail fault',
  'data authed_user ok active active exp aud __proto__ constructor 1 device_code user_code verification_uri',
  'verification_url interval request_uri auth_req_id',
].flatMap((names) => names.split(' '));

/** Half of the answers begin well, so that what comes after the first check is reached. */
const good = fc.constantFrom<object>(
  {},
  { access_token: 'at-4711', token_type: 'Bearer' },
  { access_token: 'eyJhbGciOiJub25lIn0.eyJleHAiOjE4OTM0NTY2MDB9.x' },
  { active: true },
  { active: false },
  {
    device_code: 'at-4711',
    user_code: 'A-B',
    verification_uri: 'https://login.example/device',
    expires_in: 9,
  },
  { request_uri: 'urn:ietf:params:oauth:request_uri:1', expires_in: 60 },
);

const body = fc.oneof(
  {
    weight: 10,
    arbitrary: written(
      fc.tuple(hostileObject(members), good).map(([hostile, well]) => ({ ...hostile, ...well })),
    ),
  },
  { weight: 1, arbitrary: written(hostileJson()) },
  { weight: 1, arbitrary: hostileForm(members, ['at-4711']) },
  { weight: 1, arbitrary: hostileText() },
);
/** Also what is no text in UTF-8 at all. */
const bytes: fc.Arbitrary<Uint8Array<ArrayBuffer>> = fc.oneof(
  { weight: 12, arbitrary: body.map((text) => new Uint8Array(Buffer.from(text))) },
  { weight: 1, arbitrary: body.map((text) => new Uint8Array(Buffer.from(`\ufeff${text}`, 'utf16le'))) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }).map((all) => new Uint8Array(all)) },
);

/** Any answer of an endpoint that a client posts to. */
export function exchanges(endpoint: PostedEndpoint): fc.Arbitrary<ClientExchange> {
  const tokenUrl = 'https://login.example/token';
  const server = {
    ...{
      issuer: null,
      authorizationUrl: '',
      tokenUrl,
      revocationUrl: '',
      introspectionUrl: '',
      endSessionUrl: '',
    },
    ...{
      deviceAuthorizationUrl: '',
      pushedAuthorizationUrl: '',
      backchannelAuthenticationUrl: '',
      jwksUrl: '',
    },
    ...{ mtlsUrls: {}, announcesIssuer: false, idTokenAlgorithms: null },
  };
  return fc.record({ status: statuses, headers, bytes, travelMs: fc.nat(9_000) }).map((answer) => ({
    asked: { endpoint, url: tokenUrl, grantType: 'password' },
    response: new Response(answer.status === 204 || answer.status === 304 ? null : answer.bytes, answer),
    server,
    clientId: 'app',
    secrets: sent,
    sentAtMs: nowMs - answer.travelMs,
    receivedAtMs: nowMs,
  }));
}
