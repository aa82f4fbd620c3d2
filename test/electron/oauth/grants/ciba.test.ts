import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { grants } from '../../../../electron/oauth/grants/index.ts';
import type { ResolvedGrant } from '../../../../electron/oauth/resolved-profile.ts';
import { type ApprovalServer, startApprovalServer } from '../../../fixtures/approval-server.ts';
import { failureOf, testContext, testProfile } from '../../../fixtures/oauth-profile.ts';
import { sendJson, startWebServer } from '../../../fixtures/web-server.ts';

const { start, finish } = grants.ciba;

let server: ApprovalServer;
beforeAll(async () => {
  server = await startApprovalServer();
});
afterAll(() => server.close());

type Ciba = Extract<ResolvedGrant, { kind: 'ciba' }>;

function profileOf(changes: Partial<Ciba> = {}, urls: Parameters<typeof testProfile>[0] = {}) {
  const grant = { kind: 'ciba', hint: 'login_hint', hintValue: 'ada', bindingMessage: '' } as const;
  return testProfile({
    grant: { ...grant, ...changes },
    server: { issuer: server.url },
    client: { kind: 'none', id: 'asking' },
    scope: 'openid orders',
    ...urls,
  });
}

async function begin(profile = profileOf()) {
  const request = await start(profile, testContext());
  // The server minds no shorter interval.
  return { ...request, intervalMs: 20 };
}

describe('backchannel authentication', () => {
  it('has a real server ask the person on their device, and gets the token when they allow it', async () => {
    const request = await begin(profileOf({ bindingMessage: 'Orders W4' }));
    expect(server.questions.at(-1)).toEqual({ hint: 'ada', words: 'Orders W4' });
    expect(JSON.stringify(request)).not.toContain(request.requestId.reveal());
    const waiting = finish(profileOf(), request, testContext());
    await server.answerQuestion('allow');
    expect(await waiting).toMatchObject({ tokenType: 'Bearer', scope: 'openid orders', subject: 'ada' });
  });

  it('ends with the words of the server when they refuse, and when the time is over', async () => {
    const refused = await begin();
    await server.answerQuestion('deny');
    const error = await failureOf(() => finish(profileOf(), refused, testContext()));
    expect([error.code, error.server?.error]).toEqual(['consent_denied', 'access_denied']);
    const late = { ...(await begin()), expiresAtMs: Date.now() + 10 };
    expect((await failureOf(() => finish(profileOf(), late, testContext()))).code).toBe('consent_timeout');
  });

  it('says what is wrong when the server knows nobody by that hint', async () => {
    const error = await failureOf(() => begin(profileOf({ hintValue: 'nobody' })));
    expect([error.code, error.server?.error]).toEqual([
      'backchannel_authentication_failed',
      'unknown_user_id',
    ]);
    const empty = await failureOf(() => begin(profileOf({ hintValue: '' })));
    expect([empty.code, empty.details?.field]).toEqual(['profile_incomplete', 'grant.hintValue']);
  });

  it.each(['login_hint', 'id_token_hint', 'login_hint_token'] as const)(
    'sends the hint as %s, and a token that is one stands in no message',
    async (hint) => {
      const plain = await startWebServer(({ form }, response) =>
        sendJson(response, { error: 'unknown_user_id', error_description: `who is ${form.get(hint)}?` }, 400),
      );
      const urls = { server: { backchannelAuthenticationUrl: plain.url } };
      const error = await failureOf(() =>
        start(profileOf({ hint, hintValue: 'hint-value' }, urls), testContext()),
      );
      await plain.close();
      expect(Object.fromEntries(plain.requests[0]?.form ?? [])).toEqual({
        ...{ client_id: 'asking', scope: 'openid orders', [hint]: 'hint-value' },
      });
      expect(error.server?.errorDescription).toBe(
        hint === 'login_hint' ? 'who is hint-value?' : 'who is [secret]?',
      );
    },
  );
});
