import { describe, expect, it } from 'vitest';
import type { PendingAuthorization } from '../../../../electron/oauth/authorization.ts';
import { implicitGrant } from '../../../../electron/oauth/grants/implicit.ts';
import { clientCredentials, exchangeCode } from '../../../../electron/oauth/grants/index.ts';
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
import { context, json, standIn, token } from './stand-in.ts';

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
  /** What a token answer has for who asked in this way. */
  async function findingsOf(parameters: Parameter[]) {
    const overrides = { scope: 'openid offline_access', parameters };
    const { profile, pending, capture } = await server.consent(overrides, 'code=c1');
    const asked = new URL(pending.url).searchParams;
    const offline = asked.get('prompt') === 'consent' && asked.get('scope')?.includes('offline_access');
    server.answer = json(200, offline ? { ...token, refresh_token: 'refresh-1' } : token);
    const answer = await exchangeCode(profile, pending, capture, context);
    const findings = updateFindings({ profile, old: null, answer, byRefresh: false });
    return { answer, told: findings.find(({ code }) => code === 'refresh_token_withheld') };
  }

  it('does not come, in silence: that is told, with what to do', async () => {
    const { answer, told } = await findingsOf([]);
    expect(answer.refreshToken).toBeNull();
    expect(told?.text).toContain('prompt=consent');
  });

  it('comes where the profile sends both', async () => {
    const { answer, told } = await findingsOf([
      { name: 'prompt', value: 'consent', in: 'query', to: ['authorization'] },
    ]);
    expect(answer.refreshToken?.reveal()).toBe('refresh-1');
    expect(told).toBeUndefined();
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

describe('a discovery document', () => {
  it('lists wrong grants, which keep nobody from using another', async () => {
    const issuer = `${server.url}/realm`;
    const document = { issuer, token_endpoint: `${server.url}/t`, grant_types_supported: ['implicit'] };
    server.answer = (request, response) => {
      if (request.path === '/t') return sendJson(response, token);
      if (request.path === '/realm/.well-known/openid-configuration') return sendJson(response, document);
      response.writeHead(404).end();
    };
    const profile = testProfile({ grant: { kind: 'client_credentials' }, server: { issuer } });
    expect((await clientCredentials(profile, testContext())).accessToken.reveal()).toBe('access-1');
  });
});
