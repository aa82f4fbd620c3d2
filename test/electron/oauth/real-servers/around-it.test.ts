import { describe, expect, it } from 'vitest';
import type { PendingAuthorization } from '../../../../electron/oauth/authorization.ts';
import { discover } from '../../../../electron/oauth/discovery.ts';
import { implicitGrant } from '../../../../electron/oauth/grants/implicit.ts';
import { clientCredentials, exchangeCode } from '../../../../electron/oauth/grants/index.ts';
import { saysInvalidToken } from '../../../../electron/requests/challenges.ts';
import { updateFindings } from '../../../../electron/tokens/token-findings.ts';
import { mergeAnswer } from '../../../../electron/tokens/token-set.ts';
import type { Parameter } from '../../../../shared/model/parameter.ts';
import {
  failureOf,
  type ProfileOverrides,
  testContext,
  testProfile,
} from '../../../fixtures/oauth-profile.ts';
import { sendJson } from '../../../fixtures/web-server.ts';
import { context, standIn, token } from './stand-in.ts';

/** What running servers do otherwise than the RFCs around their token endpoint; a `describe` for each. */
const server = standIn();

describe('a redirect', () => {
  it('carries session_state, iss and more', async () => {
    server.answer = (_, response) => sendJson(response, token);
    const more = [
      'session_state=x',
      'iss=https%3A%2F%2Fany.example',
      'client_info=eyJ9',
      'scope=a',
      'authuser=0',
    ];
    expect((await server.exchange({}, 'code=c1', ...more)).accessToken.reveal()).toBe('access-1');
  });

  it('carries names that have "code" in them, which are no code', async () => {
    const error = await failureOf(() => server.exchange({}, 'session_code=x'));
    expect(error.code).toBe('redirect_invalid');
  });
});

describe('a granted scope that is narrower than asked', () => {
  it('is what is held, and is told of', async () => {
    server.answer = (_, response) => sendJson(response, { ...token, scope: 'read' });
    const profile = server.profile({ scope: 'read write' });
    const { pending, capture } = await server.consent({ scope: 'read write' }, 'code=c1');
    const found = await exchangeCode(profile, pending, capture, context);
    const findings = updateFindings({ profile, old: null, answer: found, byRefresh: false });
    expect(findings.map(({ code }) => code)).toContain('scope_narrowed');
    const settings = { fingerprint: 'f', chain: null, scope: profile.scope, byRefresh: false, findings };
    expect(mergeAnswer(null, found, settings).scope).toBe('read');
  });
});

describe('numbers in an implicit fragment', () => {
  it('are texts, as everything there, and no fault of the server', async () => {
    const implicit: ProfileOverrides = {
      grant: {
        kind: 'implicit',
        redirectUri: 'http://127.0.0.1/callback',
        responseType: 'token',
        responseMode: 'default',
      },
    };
    const { profile, pending, sent } = await server.consent(implicit);
    const fragment = `${sent}&access_token=access-1&token_type=bearer&expires_in=3600&scope=a+b`;
    const capture = { url: `http://127.0.0.1/callback#${fragment}`, formBody: null };
    const found = await implicitGrant(profile, pending, capture, context);
    expect(found.accessExpiresAtMs).toBe(found.receivedAtMs + 3_600_000);
    expect(found.findings.map(({ code }) => code)).not.toContain('expires_in_text');
  });
});

describe('extra fields', () => {
  it('such as created_at and iat are normal: told in a note, and of no other effect', async () => {
    server.answer = (_, response) => sendJson(response, { ...token, created_at: 1, iat: 2, x: { y: [] } });
    const found = await server.exchange({}, 'code=c1');
    const told = found.findings.find(({ code }) => code === 'members_unregistered');
    expect([told?.severity, told?.text]).toEqual(['note', expect.stringContaining('created_at, iat, x')]);
  });
});

describe('a refresh token that needs offline_access with prompt=consent', () => {
  it('does not come, in silence: that is told, with what to do', async () => {
    server.answer = (_, response) => sendJson(response, token);
    const profile = server.profile({ scope: 'openid offline_access' });
    const found = await server.exchange({}, 'code=c1');
    const findings = updateFindings({ profile, old: null, answer: found, byRefresh: false });
    const told = findings.find(({ code }) => code === 'refresh_token_withheld');
    expect(told?.text).toContain('prompt=consent');
  });

  it('comes where the profile sends both', async () => {
    const parameter: Parameter = { name: 'prompt', value: 'consent', in: 'query', to: ['authorization'] };
    const { pending } = await server.consent({ scope: 'openid offline_access', parameters: [parameter] });
    const { searchParams } = new URL(pending.url);
    expect([searchParams.get('prompt'), searchParams.get('scope')]).toEqual([
      'consent',
      'openid offline_access',
    ]);
  });
});

describe('PKCE that is accepted and never checked', () => {
  it('is sent all the same, and its verifier with the code', async () => {
    server.answer = (_, response) => sendJson(response, token);
    const { profile, pending, capture } = await server.consent({}, 'code=c1');
    expect((await exchangeCode(profile, pending, capture, context)).accessToken.reveal()).toBe('access-1');
    expect(new URL(pending.url).searchParams.get('code_challenge_method')).toBe('S256');
    expect(server.requests.at(-1)?.form.get('code_verifier')).toBe(verifierOf(pending));
  });
});

function verifierOf({ codeVerifier }: PendingAuthorization): string {
  if (codeVerifier === null) throw new Error('there is no verifier');
  return codeVerifier.reveal();
}

describe("a protected resource's answer to a dead token", () => {
  it.each<[string, string[], boolean]>([
    ['a challenge as RFC 6750 has it', ['Bearer realm="x", error="invalid_token"'], true],
    ['a challenge without a scheme', ['error="invalid_token"'], true],
    ['a challenge among others', ['Basic realm="x"', 'Bearer error=invalid_token'], true],
    ['no challenge', [], false],
    ['a challenge that says nothing', ['Bearer'], false],
    ['a challenge for something else', ['Bearer error="insufficient_scope"'], false],
  ])('is %s', (_, headers, says) => {
    expect(saysInvalidToken(headers)).toBe(says);
  });
});

describe('a discovery document', () => {
  function serves(path: string, changes: object = {}) {
    server.answer = (request, response) => {
      if (request.path !== path) return response.writeHead(404).end();
      sendJson(response, { issuer: `${server.url}/realm`, token_endpoint: `${server.url}/t`, ...changes });
    };
  }
  const found = () => discover(`${server.url}/realm`, testContext());

  it.each([
    '/realm/.well-known/openid-configuration',
    '/.well-known/oauth-authorization-server/realm',
    '/.well-known/openid-configuration/realm',
    '/realm/.well-known/oauth-authorization-server',
    '/realm/.well-known/openid-configuration/',
  ])('lies at %s', async (path) => {
    serves(path);
    expect((await found()).tokenUrl).toBe(`${server.url}/t`);
  });

  it('does not lie under the issuer: its own address will do', async () => {
    serves('/elsewhere/.well-known/openid-configuration');
    const { issuer } = await discover(
      `${server.url}/elsewhere/.well-known/openid-configuration`,
      testContext(),
    );
    expect(issuer).toBe(`${server.url}/realm`);
  });

  it('names an issuer with a slash more', async () => {
    serves('/realm/.well-known/openid-configuration', { issuer: `${server.url}/realm/` });
    expect((await found()).tokenUrl).toBe(`${server.url}/t`);
  });

  it('lists wrong grants, which keep nobody from using another', async () => {
    serves('/realm/.well-known/openid-configuration', { grant_types_supported: ['implicit'] });
    const issuer = `${server.url}/realm`;
    const discovered = testContext();
    const documents = server.answer;
    server.answer = (request, response) =>
      request.path === '/t' ? sendJson(response, token) : documents(request, response);
    const profile = testProfile({ grant: { kind: 'client_credentials' }, server: { issuer } });
    expect((await clientCredentials(profile, discovered)).accessToken.reveal()).toBe('access-1');
  });
});
