import type { IncomingMessage } from 'node:http';
import type { Provider } from 'oidc-provider';
import type { CallCounter } from './counters.ts';
import { methodRefusal, Refusal, sendOn, sendPage } from './http-answers.ts';
import { readBody, replay } from './http-bodies.ts';
import { answerInteraction } from './interaction.ts';
import type { KeptSessions } from './kept-sessions.ts';
import { answerLogout } from './logout.ts';
import { createOrdersApi } from './orders-api.ts';
import { homePage } from './pages.ts';
import type { Handler } from './server.ts';
import { answerToken, type TokenEndpointParts } from './token-endpoint.ts';

/** What the playground's addresses need to work. */
export interface RouteParts extends Pick<TokenEndpointParts, 'failure'> {
  provider: Provider;
  sessions: KeptSessions;
  counter: CallCounter;
  /** Runs one task after another, so that a token can never be used up twice at the same moment. */
  inTurn<Result>(task: () => Promise<Result>): Promise<Result>;
}

/** What oidc-provider answers by itself. Its own router is more lenient (case, slashes), so these are exact. */
const providerPaths =
  /^\/(?:auth\/[\w-]+|me|jwks|\.well-known\/(?:openid-configuration|oauth-authorization-server))$/;

/**
 * An authorization request's URL with `consent` among its prompts: each flow shows the consent page, and
 * `offline_access` gives a refresh token to those too who do not know that it takes this prompt (OpenID Connect Core
 * section 11). `none`, and what the server refuses anyway, is left as it is.
 */
export function withConsentPrompt(url: string): string {
  const [path = '', query = ''] = url.split(/\?(.*)/s, 2);
  const params = new URLSearchParams(query);
  const given = params.getAll('prompt');
  const prompts = (given[0] ?? '').split(' ').filter((prompt) => prompt !== '');
  if (given.length > 1 || prompts.includes('none') || prompts.includes('consent')) return url;
  params.set('prompt', [...prompts, 'consent'].join(' '));
  return `${path}?${params}`;
}

function wantsLocalhost(req: IncomingMessage): boolean {
  return req.headers.host?.toLowerCase().startsWith('localhost:') === true;
}

/** The API, each call of it counted once it is known whether it was a 401. */
function countedApi(api: Handler, counter: CallCounter): Handler {
  return async (req, res, path) => {
    try {
      await api(req, res, path);
      counter.countApi(false);
    } catch (error) {
      counter.countApi(error instanceof Refusal && error.status === 401);
      throw error;
    }
  };
}

/** The table of the playground's addresses. */
export function createRoutes({ provider, sessions, counter, inTurn, failure }: RouteParts): Handler {
  const callback = provider.callback();
  const tokenParts: TokenEndpointParts = {
    failure,
    pass: (req, res) => inTurn(() => callback(req, res)),
    countGrant: counter.countGrant,
    countRefused: () => counter.count('refused'),
  };

  /** A call about a token, in its turn as well: a refresh under way must not outlive a revocation. */
  function aboutToken(what: 'revocation' | 'introspection'): Handler {
    return async (req, res) => {
      if (req.method !== 'POST') throw methodRefusal('POST');
      counter.count(what);
      await tokenParts.pass(replay(req, await readBody(req)), res);
    };
  }

  /** For browsers: the cookies belong to the issuer's host name, so one that came by `localhost` goes on there. */
  function atIssuer(handler: Handler): Handler {
    return async (req, res, path) =>
      req.method === 'GET' && wantsLocalhost(req)
        ? sendOn(res, `${provider.issuer}${req.url ?? ''}`)
        : handler(req, res, path);
  }

  const handlers = new Map<string, Handler>([
    ['/token', (req, res) => answerToken(req, res, tokenParts)],
    ['/revoke', aboutToken('revocation')],
    ['/introspect', aboutToken('introspection')],
    ['/logout', atIssuer((req, res) => answerLogout({ provider, sessions }, req, res))],
    [
      '/auth',
      atIssuer((req, res) => {
        req.url = withConsentPrompt(req.url ?? '');
        return callback(req, res);
      }),
    ],
    [
      '/',
      async (req, res) => {
        if (req.method !== 'GET' && req.method !== 'HEAD') throw methodRefusal('GET, HEAD');
        sendPage(res, 200, homePage(provider.issuer));
      },
    ],
  ]);
  const api = countedApi(createOrdersApi(provider), counter);

  return async (req, res, path) => {
    const handler = handlers.get(path);
    if (handler !== undefined) return handler(req, res, path);
    if (path === '/api' || path.startsWith('/api/')) return api(req, res, path);
    const interaction = /^\/interaction\/([\w-]+)$/.exec(path)?.[1];
    if (interaction !== undefined) return answerInteraction({ provider, sessions }, req, res, interaction);
    if (providerPaths.test(path)) return callback(req, res);
    throw new Refusal(404, 'not_found', 'There is nothing at this address.');
  };
}
