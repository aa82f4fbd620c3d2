import type { ServerResponse } from 'node:http';
import { refreshTokens } from '../../../../electron/oauth/grants/index.ts';
import type { TokenAnswer } from '../../../../electron/oauth/token-answer.ts';
import { Secret } from '../../../../shared/secret.ts';
import { testContext, testProfile } from '../../../fixtures/oauth-profile.ts';
import { startWebServer } from '../../../fixtures/web-server.ts';

/** When every answer comes, in milliseconds since the epoch. */
export const nowMs = Date.UTC(2030, 0, 1);
export const json = 'application/json';

/** What RFC 6749 section 5.1 has. */
export const whole = {
  access_token: 'at',
  token_type: 'Bearer',
  expires_in: 60,
  refresh_token: 'rt',
  scope: 'a b',
};
export const asRfc = JSON.stringify(whole);

/** One answer of a token endpoint. */
export interface Raw {
  body: string | Buffer;
  /** Null sends none. */
  type?: string | null;
  status?: number;
  cached?: boolean;
}

/** A token endpoint that answers as it is told; `read` gives what is made of such an answer. */
export interface AnsweringServer {
  read(raw: Raw): Promise<TokenAnswer>;
  close(): Promise<void>;
}

/** Starts one on a free port. */
export async function startAnsweringServer(): Promise<AnsweringServer> {
  let answer: (response: ServerResponse) => void = (response) => response.end();
  const server = await startWebServer((_, response) => {
    response.sendDate = false;
    answer(response);
  });
  return {
    read({ body, type = json, status = 200, cached = false }) {
      answer = (response) =>
        response
          .writeHead(status, {
            ...(type === null ? {} : { 'content-type': type }),
            ...(cached ? {} : { 'cache-control': 'no-store' }),
          })
          .end(body);
      const profile = testProfile({ server: { tokenUrl: `${server.url}/token` } });
      return refreshTokens(
        profile,
        new Secret('refresh-marker'),
        testContext(() => nowMs),
      );
    },
    close: () => server.close(),
  };
}
