import type { ServerResponse } from 'node:http';
import { decodeJwt } from 'jose';
import type { SeenRequest } from '../../fixtures/web-server.ts';
import { escaped } from './echo.ts';
import type { ServerState } from './marked-server.ts';

/** What comes of the login page. */
export const loginFailures = [
  'denied',
  'error_is_echo',
  'page',
  'refused',
  'bad_state',
  'bad_issuer',
  'code_twice',
  'no_code',
  'lost',
  'closed',
] as const;
export type LoginAnswer = 'well' | (typeof loginFailures)[number];

/** What comes of the end-session page. */
export const endSessionFailures = ['asks', 'refused', 'lost', 'closed'] as const;
export type EndSessionAnswer = 'returns' | 'page' | 'returns_error' | (typeof endSessionFailures)[number];

export type Pages = Record<
  '/authorize' | '/login' | '/end-session',
  (request: SeenRequest, response: ServerResponse) => void
>;

/** Nothing listens there. */
const nowhere = 'http://127.0.0.1:1/lost';

function sendPage(response: ServerResponse, status: number, page: string, cookie?: string): void {
  const headers = { 'content-type': 'text/html; charset=utf-8' };
  response.writeHead(status, cookie === undefined ? headers : { ...headers, 'set-cookie': cookie }).end(page);
}

/** A page that repeats everything: in its title, its text, its fields and its address. */
function echoPage(echo: string, more = ''): string {
  const text = escaped(echo);
  return `<!doctype html><title>No ${text}</title><p>Welcome ${text}<p id="all">${text}
    <label>Echo <input value="${text}"></label>${more}`;
}

const loginForm = `<form method="post" action="/login"><label>User <input name="user"></label>
  <label>Password <input name="password"></label><label>Seed <input name="seed"></label><button>Sign in</button></form>`;

const sidIn = ({ headers }: SeenRequest) => /(?:^|; )sid=([^;]*)/.exec(headers.cookie ?? '')?.[1] ?? '';

/** The redirect that a login page ends in. */
function redirectOf(state: ServerState, answer: LoginAnswer, echo: string): URL {
  const { asked } = state;
  const redirect = new URL(answer === 'lost' ? nowhere : (asked.get('redirect_uri') ?? ''));
  const implicit = asked.get('response_type') === 'token';
  const fragment = new URLSearchParams();
  const set = (name: string, value: string) => {
    (implicit ? fragment : redirect.searchParams).append(name, value);
    redirect.hash = fragment.toString();
  };
  set('state', answer === 'bad_state' ? state.fresh('state') : (asked.get('state') ?? ''));
  if (answer === 'denied') set('error', 'access_denied');
  if (answer === 'error_is_echo') set('error', echo);
  if (answer === 'bad_issuer') set('iss', `https://other.example/${echo}`);
  if (answer === 'denied' || answer === 'error_is_echo' || answer === 'lost') set('error_description', echo);
  if (answer === 'denied' || answer === 'no_code') return redirect;
  if (implicit) {
    set('access_token', state.fresh('access'));
    set('scope', `orders ${echo}`);
    return redirect;
  }
  set('code', state.fresh('code'));
  if (answer === 'code_twice') set('code', state.fresh('code'));
  return redirect;
}

/** What a signed request holds (RFC 9101), else the request itself. */
function opened(request: URLSearchParams): URLSearchParams {
  const signed = request.get('request');
  if (signed === null) return request;
  return new URLSearchParams(Object.entries(decodeJwt(signed)).map(([name, value]) => [name, String(value)]));
}

/** The pages that a person meets: login and logout. */
export function pages(state: ServerState): Pages {
  const { answers, sessions } = state;

  /** What a page knows beyond its request: what the flow began with. */
  const echoOf = (request: SeenRequest) => `${state.echo(request)} ${[...state.asked.values()].join(' ')}`;

  function goOn(request: SeenRequest, response: ServerResponse): void {
    const { login: answer } = answers;
    const echo = echoOf(request);
    if (answer === 'closed') return void response.destroy();
    if (answer === 'page') return void sendPage(response, 200, echoPage(echo));
    if (answer === 'refused') return void sendPage(response, 400, echoPage(echo));
    response.writeHead(302, { location: redirectOf(state, answer, echo).href }).end();
  }

  return {
    '/authorize'(request, response) {
      const carried = new URL(request.path, state.url()).searchParams;
      state.asked = opened(carried.has('request_uri') ? state.pushed : carried);
      if (sessions.has(sidIn(request))) return goOn(request, response);
      sendPage(response, 200, `<!doctype html><title>Sign in</title>${loginForm}`);
    },
    '/login'(request, response) {
      state.typed = new URLSearchParams(request.form);
      const sid = state.fresh('cookie').replace(/[^\w-]/g, '');
      sessions.add(sid);
      response.setHeader('set-cookie', `sid=${sid}; Path=/; HttpOnly`);
      goOn(request, response);
    },
    '/end-session'(request, response) {
      const { endSession: answer } = answers;
      const { searchParams } = new URL(request.path, state.url());
      const echo = echoOf(request);
      const back = new URL(searchParams.get('post_logout_redirect_uri') ?? nowhere);
      back.searchParams.set('state', searchParams.get('state') ?? '');
      if (answer === 'returns_error') back.searchParams.set('error', echo);
      const cookie = `sid=${state.fresh('cookie').replace(/[^\w-]/g, '')}; Path=/`;
      const lost = { location: `${nowhere}?echo=${encodeURIComponent(echo)}` };
      switch (answer) {
        case 'returns':
        case 'returns_error':
          sessions.delete(sidIn(request));
          return void response.writeHead(302, { location: back.href, 'set-cookie': cookie }).end();
        case 'page':
          return void sendPage(response, 200, echoPage(echo), cookie);
        case 'asks':
          return void sendPage(
            response,
            200,
            echoPage(echo, '<form><button>Log out?</button></form>'),
            cookie,
          );
        case 'refused':
          return void sendPage(response, 400, echoPage(echo), cookie);
        case 'lost':
          return void response.writeHead(302, lost).end();
        case 'closed':
          return void response.destroy();
      }
    },
  };
}
