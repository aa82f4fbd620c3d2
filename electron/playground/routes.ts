import type { IncomingMessage } from 'node:http';
import type { Provider } from 'oidc-provider';
import { methodRefusal, Refusal, sendOn, sendPage } from './http-answers.ts';
import { answerInteraction } from './interaction.ts';
import { createOrdersApi } from './orders-api.ts';
import { homePage } from './pages.ts';
import type { Handler } from './server.ts';
import { answerToken, type TokenEndpointParts } from './token-endpoint.ts';

/** What the playground's addresses need to work. */
export interface RouteParts extends Omit<TokenEndpointParts, 'pass'> {
  provider: Provider;
  /** Runs one task after another, so that a token can never be used up twice at the same moment. */
  inTurn<Result>(task: () => Promise<Result>): Promise<Result>;
  /** Called for each call of the API, once it is known whether it was a 401. */
  countApi(unauthorized: boolean): void;
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

/** The table of the playground's addresses. */
export function createRoutes({ provider, inTurn, countApi, ...tokenParts }: RouteParts): Handler {
  const callback = provider.callback();
  const api = createOrdersApi(provider);
  const pass: TokenEndpointParts['pass'] = (req, res) => inTurn(() => callback(req, res));

  return async (req, res, path) => {
    if (path === '/token') return answerToken(req, res, { ...tokenParts, pass });
    if (path === '/api' || path.startsWith('/api/')) {
      try {
        await api(req, res, path);
        countApi(false);
      } catch (error) {
        countApi(error instanceof Refusal && error.status === 401);
        throw error;
      }
      return;
    }
    if (path === '/auth') {
      // The flow's cookies belong to the issuer's host name.
      if (wantsLocalhost(req)) return sendOn(res, `${provider.issuer}${req.url ?? ''}`);
      req.url = withConsentPrompt(req.url ?? '');
      return callback(req, res);
    }
    const interaction = /^\/interaction\/([\w-]+)$/.exec(path)?.[1];
    if (interaction !== undefined) return answerInteraction(provider, req, res, interaction);
    if (providerPaths.test(path)) return callback(req, res);
    if (path !== '/') throw new Refusal(404, 'not_found', 'There is nothing at this address.');
    if (req.method !== 'GET' && req.method !== 'HEAD') throw methodRefusal('GET, HEAD');
    sendPage(res, 200, homePage(provider.issuer));
  };
}
