import type { ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import { type SeenRequest, sendJson, startWebServer } from '../../fixtures/web-server.ts';

/** An authorization server and API that repeat in their failures all that was sent to them. */
export interface MarkedServer {
  url: string;
  /** How each endpoint fails, until it is changed; null: it does not. */
  failing: {
    login: 'denied' | 'page' | null;
    token: TokenFailure | null;
    api: 'invalid_token' | 'closed' | null;
  };
  /** Every secret that it has given out or was sent: tokens, codes, states, verifiers, nonces. */
  seen: Set<string>;
}

/** What goes wrong at the token endpoint. */
export type TokenFailure = 'refused' | 'refused_in_json' | 'html' | 'cut' | 'bad_id_token';

function jwt(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256' })}.${part(claims)}.${Buffer.from('s1gnature').toString('base64url')}`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

/** Starts one; `lifetimeSeconds` is that of access tokens. */
export async function startMarkedServer(lifetimeSeconds = 300): Promise<MarkedServer> {
  const failing: MarkedServer['failing'] = { login: null, token: null, api: null };
  const seen = new Set<string>();
  const asked = new URLSearchParams();
  let count = 0;

  function fresh(kind: string): string {
    count += 1;
    const value = `000000-${kind}-m4rk-${count}/+&%"é`;
    seen.add(value);
    return value;
  }

  function authorize(request: SeenRequest, response: ServerResponse): void {
    for (const [name, value] of new URL(request.path, url()).searchParams) asked.set(name, value);
    for (const name of ['state', 'nonce']) seen.add(asked.get(name) ?? '');
    const page = `<!doctype html><title>Sign in</title><form method="post" action="/login">
      <label>Password <input name="password"></label><button>Sign in</button></form>`;
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
  }

  function login({ form }: SeenRequest, response: ServerResponse): void {
    const password = form.get('password') ?? '';
    if (failing.login === 'page') {
      const page = `<!doctype html><title>No ${escaped(password)}</title><p>Wrong: ${escaped(password)}`;
      return void response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
    }
    const answer = new URL(asked.get('redirect_uri') ?? '');
    answer.searchParams.set('state', asked.get('state') ?? '');
    if (failing.login === null) answer.searchParams.set('code', fresh('code'));
    else {
      answer.searchParams.set('error', 'access_denied');
      answer.searchParams.set('error_description', `No: ${password}, ${asked}`);
    }
    response.writeHead(302, { location: answer.href }).end();
  }

  function tokens(): object {
    const [iat, nonce] = [Math.floor(Date.now() / 1000), asked.get('nonce')];
    const claims = { iss: url(), aud: 'orders-app', sub: fresh('sub'), iat, exp: iat + 3600, nonce };
    seen.delete(claims.sub);
    const id_token = jwt(failing.token === 'bad_id_token' ? { ...claims, aud: 'somebody' } : claims);
    seen.add(id_token);
    return {
      access_token: fresh('access').replace(/[^\w-]/g, '~'),
      refresh_token: fresh('refresh'),
      id_token,
      token_type: 'bearer',
      expires_in: lifetimeSeconds,
    };
  }

  function token({ form, headers }: SeenRequest, response: ServerResponse): void {
    if (form.has('code_verifier')) seen.add(form.get('code_verifier') ?? '');
    const sent = `${form} ${[...form.values()].join(' ')} ${headers.authorization}`;
    const answer = tokens();
    const refusal = { error: 'invalid_grant', error_description: sent };
    switch (failing.token) {
      case 'refused':
        return void sendJson(response, refusal, 400);
      case 'refused_in_json':
        return void sendJson(response, { error: { message: JSON.stringify(sent) } }, 403);
      case 'html':
        return void response
          .writeHead(200, { 'content-type': 'text/html' })
          .end(`<p>${JSON.stringify(answer)}`);
      case 'cut':
        return void response.end(JSON.stringify(answer).slice(0, -1));
      default:
        return void sendJson(response, answer);
    }
  }

  function api(_: SeenRequest, response: ServerResponse): void {
    if (failing.api === 'closed') return void response.destroy();
    const bad = failing.api === 'invalid_token';
    response
      .writeHead(bad ? 401 : 200, bad ? { 'www-authenticate': 'Bearer error="invalid_token"' } : {})
      .end();
  }

  const endpoints: Record<string, (request: SeenRequest, response: ServerResponse) => void> = {
    '/authorize': authorize,
    '/login': login,
    '/token': token,
    '/api': api,
  };
  const server = await startWebServer((request, response) => {
    const answer = endpoints[new URL(request.path, 'http://server').pathname];
    if (answer === undefined) response.writeHead(404).end();
    else answer(request, response);
  });
  onTestFinished(() => server.close());
  const url = () => server.url;
  return { url: server.url, failing, seen };
}
