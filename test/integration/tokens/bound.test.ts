import { createPublicKey, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import forge from 'node-forge';
import type { ClientMetadata } from 'oidc-provider';
import { afterAll, expect, test } from 'vitest';
import { endChromium, rejectionOf, statusOf, type TestEngine } from '../../fixtures/engine.ts';
import { oidcRedirectUri, startOidcServer } from '../../fixtures/oidc-server.ts';
import { openServerProject, profile, type ServerProfile } from '../../fixtures/server-project.ts';

afterAll(endChromium);

/** The server signs in and consents by itself. */
const byCode = {
  grant: { kind: 'authorization_code', redirectUri: oidcRedirectUri },
  client: { kind: 'none', id: 'none' },
  scope: 'openid offline_access',
  parameters: [{ name: 'prompt', value: 'consent', to: ['authorization'] }],
} satisfies Partial<ServerProfile>;
const script = "log('nothing to do here');";

/** Sends to the API with the profile's token: how that stood, what came of it, and the names of the headers. */
async function send(engine: TestEngine, url: string) {
  const auth = { kind: 'profile' as const, profile, persona: null };
  const request = { name: 'Me', url, auth };
  const { outcome, tokenUse, request: sent } = await engine.call('requests.send', { id: 'me', request });
  const status = outcome.kind === 'response' ? outcome.response.status : outcome.error;
  return { status, use: tokenUse.kind, headers: sent.headers.map(({ name }) => name) };
}

test('tokens bound to a key are refreshed and used with it by every engine that shares the vault', async () => {
  const server = await startOidcServer({
    adjust: (configuration) => ({
      ...configuration,
      features: {
        ...configuration.features,
        dPoP: { enabled: true, nonceSecret: randomBytes(32), requireNonce: () => true },
        userinfo: { enabled: true },
      },
    }),
  });
  try {
    const protection = { pushedRequest: true, dpop: { kind: 'on' as const } };
    const settings = { ...byCode, server: { issuer: server.url }, protection };
    const { engine: first, folder } = await openServerProject(settings, { script });
    await first.call('requests.create', { name: 'Me' });
    await first.call('tokens.get', { profile });
    expect(await statusOf(first, profile)).toMatchObject({ access: { tokenType: 'DPoP' }, failure: null });
    const used = await send(first, `${server.url}/me`);
    expect(used).toMatchObject({ status: 200, use: 'valid' });
    expect(used.headers).toContain('DPoP');
    await first.dispose();

    const { engine: second } = await openServerProject(settings, { folder });
    expect(await send(second, `${server.url}/me`)).toMatchObject({ status: 200, use: 'valid' });
    await second.call('tokens.refresh', { profile });
    expect(await send(second, `${server.url}/me`)).toMatchObject({ status: 200, use: 'valid' });
    const { events } = await second.call('tokens.events', {});
    expect(events.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['obtained', 'refreshed']));
    expect(events.filter(({ error }) => error !== null)).toEqual([]);
  } finally {
    await server.close();
  }
});

test('a client that is known by its certificate’s key signs its requests and pushes them', async () => {
  const p12 = await readFile(new URL('../../fixtures/keys/rsa.p12', import.meta.url));
  const asn1 = forge.asn1.fromDer(p12.toString('binary'));
  const bagType = forge.pki.oids.certBag ?? '';
  const [bag] = forge.pkcs12.pkcs12FromAsn1(asn1, false, 'open sesame').getBags({ bagType })[bagType] ?? [];
  if (!bag?.cert) throw new Error('no certificate in the file');
  const jwk = createPublicKey(forge.pki.certificateToPem(bag.cert)).export({ format: 'jwk' });
  const client = {
    ...{ client_id: 'signing', token_endpoint_auth_method: 'private_key_jwt' },
    ...{ token_endpoint_auth_signing_alg: 'PS256', request_object_signing_alg: 'PS256' },
    ...{ require_signed_request_object: true, require_pushed_authorization_requests: true },
    ...{ grant_types: ['authorization_code', 'refresh_token'], redirect_uris: [oidcRedirectUri] },
    ...{ application_type: 'native', id_token_signed_response_alg: 'ES256' },
    jwks: { keys: [{ ...jwk, kid: 'k1' }] },
  };
  const server = await startOidcServer({
    adjust: (configuration) => ({
      ...configuration,
      clients: [...(configuration.clients ?? []), client as ClientMetadata],
      features: {
        ...configuration.features,
        ...{ dPoP: { enabled: true }, requestObjects: { enabled: true }, userinfo: { enabled: true } },
      },
      enabledJWA: {
        ...configuration.enabledJWA,
        ...{ clientAuthSigningAlgValues: ['PS256'], requestObjectSigningAlgValues: ['PS256'] },
      },
    }),
  });
  try {
    const key = { key: '{{key}}', passphrase: '{{passphrase}}', algorithm: 'PS256', keyId: 'k1' } as const;
    const settings: ServerProfile = {
      ...{ ...byCode, server: { issuer: server.url } },
      client: { kind: 'private_key_jwt', id: 'signing', key, audience: 'issuer' },
      protection: { pushedRequest: true, requestObject: { kind: 'signed', key }, dpop: { kind: 'on' } },
    };
    const secrets = { key: p12.toString('base64'), passphrase: 'closed sesame' };
    const { engine } = await openServerProject(settings, { script, secrets });
    await engine.call('requests.create', { name: 'Me' });
    const rejected = await rejectionOf(engine.call('tokens.get', { profile }));
    expect(rejected).toMatchObject({
      code: 'key_passphrase_wrong',
      details: { field: 'protection.requestObject.key' },
    });
    await engine.call('secrets.save', { name: 'passphrase', value: 'open sesame' });
    await engine.call('tokens.get', { profile });
    await engine.call('tokens.refresh', { profile });
    expect(await send(engine, `${server.url}/me`)).toMatchObject({ status: 200, use: 'valid' });
    expect(await statusOf(engine, profile)).toMatchObject({ access: { tokenType: 'DPoP' }, failure: null });
  } finally {
    await server.close();
  }
});
