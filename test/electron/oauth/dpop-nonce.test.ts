import type { ServerResponse } from 'node:http';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientCredentials } from '../../../electron/oauth/grants/index.ts';
import { Secret } from '../../../shared/secret.ts';
import { failureOf, testContext, testProfile } from '../../fixtures/oauth-profile.ts';
import { type SeenRequest, sendJson, startWebServer, type WebServer } from '../../fixtures/web-server.ts';

let server: WebServer;
let answer: (request: SeenRequest, response: ServerResponse) => void;
beforeAll(async () => {
  server = await startWebServer((request, response) => answer(request, response));
});
afterAll(() => server.close());

const good = { access_token: 'at', token_type: 'DPoP' };
const asks = { error: 'use_dpop_nonce', error_description: 'a nonce is needed' };

function nonceOf({ headers }: SeenRequest): unknown {
  return decodeJwt(String(headers.dpop)).nonce;
}

function profileWith(tokenUrl = `${server.url}/token`) {
  return testProfile({
    ...{ server: { tokenUrl }, client: { kind: 'client_secret_post', id: 'app', secret: new Secret('s') } },
    protection: { ...testProfile().protection, dpop: { kind: 'on', algorithm: 'ES256' } },
  });
}

describe('a token endpoint that asks for a DPoP nonce', () => {
  it.each<[string, (response: ServerResponse) => void]>([
    ['in its JSON', (response) => sendJson(response.setHeader('dpop-nonce', 'n-1'), asks, 400)],
    [
      'in a challenge, with an empty body',
      (response) =>
        response
          .writeHead(401, { 'dpop-nonce': 'n-1', 'www-authenticate': 'DPoP error="use_dpop_nonce"' })
          .end(),
    ],
  ])('is asked once more %s, and at once from then on', async (_, ask) => {
    const context = testContext();
    answer = (request, response) => {
      if (nonceOf(request) === undefined) ask(response);
      else sendJson(response, good);
    };
    const before = server.requests.length;
    await clientCredentials(profileWith(), context);
    await clientCredentials(profileWith(), context);
    const sent = server.requests.slice(before);
    expect(sent.map(nonceOf)).toEqual([undefined, 'n-1', 'n-1']);
    expect(sent.map(({ form }) => form.get('client_secret'))).toEqual(['s', 's', 's']);
  });

  it('gets each further nonce that it gives, with a good answer too', async () => {
    const context = testContext();
    let count = 0;
    answer = (_, response) => {
      count += 1;
      sendJson(response.setHeader('dpop-nonce', `n-${count}`), good);
    };
    const before = server.requests.length;
    for (let round = 0; round < 3; round += 1) await clientCredentials(profileWith(), context);
    expect(server.requests.slice(before).map(nonceOf)).toEqual([undefined, 'n-1', 'n-2']);
  });

  it('is asked once more and no oftener, and its words stand in the failure', async () => {
    answer = (_, response) =>
      sendJson(response.setHeader('dpop-nonce', `n-${server.requests.length}`), asks, 400);
    const before = server.requests.length;
    const error = await failureOf(() => clientCredentials(profileWith(), testContext()));
    expect(error.server).toMatchObject({ error: 'use_dpop_nonce', status: 400 });
    expect(server.requests.length - before).toBe(2);
  });

  it('is not asked once more when the failure is another, or there is no nonce', async () => {
    for (const refuse of [
      (response: ServerResponse) =>
        sendJson(response.setHeader('dpop-nonce', 'n'), { error: 'invalid_grant' }, 400),
      (response: ServerResponse) => sendJson(response, asks, 400),
    ]) {
      answer = (_, response) => refuse(response);
      const before = server.requests.length;
      await failureOf(() => clientCredentials(profileWith(), testContext()));
      expect(server.requests.length - before).toBe(1);
    }
  });

  it.each(['', '"quoted"', 'a b', 'x'.repeat(1001)])('takes "%s" for no nonce', async (nonce) => {
    const context = testContext();
    answer = (_, response) => sendJson(response.setHeader('dpop-nonce', nonce), good);
    await clientCredentials(profileWith(), context);
    await clientCredentials(profileWith(), context);
    const last = server.requests.at(-1);
    expect(last === undefined ? 'nothing' : nonceOf(last)).toBeUndefined();
  });

  it('finds neither proof nor nonce of its own in what is told of it', async () => {
    answer = (request, response) => {
      const { dpop } = request.headers;
      sendJson(response, { error: 'invalid_dpop_proof', error_description: `no ${dpop}, ${dpop}` }, 400);
    };
    const error = await failureOf(() => clientCredentials(profileWith(), testContext()));
    expect(error.message).toContain('no [secret], [secret]');
    expect(error.action).toContain('DPoP algorithm');
  });

  it('sees the address of the endpoint in the proof without its query', async () => {
    answer = (_, response) => sendJson(response, good);
    await clientCredentials(profileWith(`${server.url}/token?tenant=a`), testContext());
    const claims = decodeJwt(String(server.requests.at(-1)?.headers.dpop));
    expect([claims.htm, claims.htu]).toEqual(['POST', `${server.url}/token`]);
    expect(Math.abs(Date.now() / 1000 - (claims.iat ?? 0))).toBeLessThan(60);
  });
});
