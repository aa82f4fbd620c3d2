import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll } from 'vitest';
import { startAuthorization } from '../../../../electron/oauth/authorization.ts';
import { exchangeCode } from '../../../../electron/oauth/grants/index.ts';
import type { TokenAnswer } from '../../../../electron/oauth/token-answer.ts';
import { type ProfileOverrides, testContext, testProfile } from '../../../fixtures/oauth-profile.ts';
import { type SeenRequest, sendJson, startWebServer, type WebServer } from '../../../fixtures/web-server.ts';

export type Answer = (request: SeenRequest, response: ServerResponse) => void;

/** An answer as RFC 6749 section 5.1 has it. */
export const token = { access_token: 'access-1', token_type: 'Bearer', expires_in: 60 };

export const context = testContext();

export const json =
  (status: number, body: unknown): Answer =>
  (_, response) =>
    sendJson(response, body, status);

/** No body, no content type. */
export const empty =
  (status: number): Answer =>
  (_, response) =>
    response.writeHead(status).end();

/** A server for the tests of a file, which answers as the test at hand says. */
export function standIn() {
  let server: WebServer;
  const own = {
    answer: json(200, token),
    get url(): string {
      return server.url;
    },
    get requests(): SeenRequest[] {
      return server.requests;
    },
    profile(overrides: ProfileOverrides = {}) {
      const { url } = server;
      return testProfile({
        server: { authorizationUrl: `${url}/auth`, tokenUrl: `${url}/token`, issuer: '' },
        ...overrides,
      });
    },
    /** A consent that has just begun, and its redirect with these parameters beside the state. */
    async consent(overrides: ProfileOverrides = {}, ...parameters: string[]) {
      const profile = own.profile(overrides);
      const pending = await startAuthorization(profile, 'http://127.0.0.1/callback', context);
      const sent = [`state=${pending.state.reveal()}`, ...parameters].join('&');
      return {
        profile,
        pending,
        capture: { url: `http://127.0.0.1/callback?${sent}`, formBody: null },
        sent,
      };
    },
    async exchange(overrides: ProfileOverrides, ...parameters: string[]): Promise<TokenAnswer> {
      const { profile, pending, capture } = await own.consent(overrides, ...parameters);
      return exchangeCode(profile, pending, capture, context);
    },
  };
  beforeAll(async () => {
    server = await startWebServer((request, response) => own.answer(request, response));
  });
  afterAll(() => server.close());
  return own;
}
