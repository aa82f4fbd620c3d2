import type { ServerResponse } from 'node:http';
import { type SeenRequest, sendJson } from '../../fixtures/web-server.ts';
import { escaped } from './echo.ts';
import type { ServerState, TokenForm } from './marked-server.ts';
import { stem } from './markers.ts';

/** What goes wrong at an endpoint to which the client posts. */
export const endpointFailures = [
  'refused',
  'refused_in_json',
  'error_is_echo',
  'form_error',
  'html_error',
  'html_page',
  'cut',
  'odd_type',
  'redirect',
  'closed',
  'server_failed',
  'tokens_in_error',
] as const;
/** `echoing`: it does as asked, and its answer repeats what it knows in further members. `hangs`: it never answers. */
export type EndpointAnswer =
  | 'well'
  | 'echoing'
  | 'bad_id_token'
  | 'hangs'
  | (typeof endpointFailures)[number];

export type Endpoints = Record<
  '/token' | '/revoke' | '/introspect' | '/pushed',
  (request: SeenRequest, response: ServerResponse) => void
>;

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

function jwt(claims: object): string {
  return `${part({ alg: 'RS256' })}.${part(claims)}.${Buffer.from(`s1gn-${stem}`).toString('base64url')}`;
}

/** An endpoint's failure, which repeats `echo`; `answer` is what would have been right. */
export function fail(
  response: ServerResponse,
  failure: Exclude<EndpointAnswer, 'well' | 'echoing' | 'bad_id_token' | 'hangs'>,
  echo: string,
  answer: Record<string, unknown>,
): void {
  const html = { 'content-type': 'text/html' };
  switch (failure) {
    case 'refused':
      return void sendJson(response, { error: 'invalid_grant', error_description: echo }, 400);
    case 'refused_in_json':
      return void sendJson(response, { error: { message: JSON.stringify(echo) } }, 403);
    case 'error_is_echo':
      return void sendJson(response, { error: echo, message: echo }, 400);
    case 'form_error': {
      const form = new URLSearchParams({ error: echo.slice(0, 20_000), error_description: echo });
      const type = { 'content-type': 'application/x-www-form-urlencoded' };
      return void response.writeHead(400, type).end(form.toString());
    }
    case 'html_error':
      return void response.writeHead(400, html).end(`<title>${escaped(echo)}</title><p>${escaped(echo)}`);
    case 'html_page':
      return void response.writeHead(200, html).end(`<p>${JSON.stringify(answer)} ${escaped(echo)}`);
    case 'cut':
      return void response.end(JSON.stringify({ ...answer, echo }).slice(0, -1));
    case 'odd_type': {
      const type = `text/${echo.replace(/[^\x20-\x7e]/g, '?')}`;
      return void response.writeHead(200, { 'content-type': type }).end(echo);
    }
    case 'redirect':
      return void response.writeHead(302, { location: `/lost?echo=${encodeURIComponent(echo)}` }).end();
    case 'closed':
      return void response.destroy();
    case 'server_failed': {
      const headers = { 'retry-after': echo.replace(/[^\x20-\x7e]/g, '?') };
      return void sendJson(response, { error: 'server_error', error_description: echo }, 503, headers);
    }
    case 'tokens_in_error': {
      const texts = Object.values(answer).filter((value) => typeof value === 'string');
      return void sendJson(
        response,
        { ...answer, error: 'invalid_request', error_description: texts.join(' ') },
        400,
      );
    }
  }
}

function accessToken(form: TokenForm, { fresh, note }: ServerState): string {
  if (form === 'long') return fresh('access');
  const count = fresh('access').replace(/\D/g, '').slice(-6);
  const token = form === 'short' ? `${stem}-${count}` : jwt({ jti: `${stem}-${count}`, sub: 'somebody' });
  note([token]);
  return token;
}

function idToken(state: ServerState, audience: string, issuer: string): string {
  const { asked, typed, note } = state;
  const iat = Math.floor((Date.now() + (state.answers.dateAheadMs ?? 0)) / 1000);
  const person = typed.get('user') ?? typed.get('username') ?? 'somebody';
  const claims = { iss: issuer, aud: audience, sub: 'somebody', preferred_username: person, jti: stem };
  const token = jwt({ ...claims, iat, exp: iat + 3600, nonce: asked.get('nonce') ?? undefined });
  note([token]);
  return token;
}

/** Members that a server may add, and that hold what it knows in every place that there is. */
function echoingMembers(state: ServerState, echo: string, refreshToken: string): Record<string, unknown> {
  return {
    scope: `orders ${refreshToken} ${echo}`,
    // The type of a token has no room for a longer one.
    token_type: state.answers.tokenForm === 'short' ? state.held.access_token : 'bearer',
    error_uri: `https://server.example/?echo=${encodeURIComponent(refreshToken)}`,
    issued_token_type: echo,
    session_state: state.fresh('session-state'),
    id: { deep: [echo, { refresh_token: refreshToken }] },
    list: [echo, refreshToken],
    [refreshToken]: 1,
    [echo]: true,
  };
}

function tokens(state: ServerState, echo: string): Record<string, unknown> {
  const { answers, fresh, url } = state;
  const bad = answers.token === 'bad_id_token';
  const refreshToken = fresh('refresh');
  state.held = {
    access_token: accessToken(answers.tokenForm, state),
    refresh_token: refreshToken,
    id_token: idToken(state, bad ? 'somebody' : 'orders-app', bad ? echo : url()),
  };
  const more = answers.token === 'echoing' ? echoingMembers(state, echo, refreshToken) : {};
  return { token_type: 'bearer', expires_in: 300, ...more, ...state.held };
}

function introspection({ held, typed }: ServerState, echo: string): Record<string, unknown> {
  const { access_token: access = '', refresh_token: refresh = '', id_token: id = '' } = held;
  return {
    ...{ active: true, token_type: 'Bearer', exp: 4_000_000_000, client_id: 'orders-app' },
    ...{ username: typed.get('user') ?? typed.get('username') ?? 'somebody', sub: 'somebody' },
    ...{ token: access, refresh_token: refresh, accessToken: access, 'id-token': id, jti: echo },
    ...{ scope: `orders ${access}`, text: `${refresh} ${access} ${id} ${echo}` },
    ...{
      list: [access, refresh, id],
      deep: { of: { any: refresh, [access]: echo }, json: JSON.stringify(held) },
    },
    ...{ [access]: true, [refresh]: refresh, [echo]: echo },
  };
}

/** The endpoints to which the client posts. */
export function endpoints(state: ServerState): Endpoints {
  const { answers } = state;
  return {
    '/token'(request, response) {
      if (answers.token === 'hangs') return;
      if (request.form.has('password')) state.typed = new URLSearchParams(request.form);
      const echo = state.echo(request);
      const failure = answers.token;
      const before = state.held;
      const answer = tokens(state, echo);
      if (request.headers.dpop !== undefined && failure === 'well') answer.token_type = 'DPoP';
      if (failure === 'well' || failure === 'echoing') return void sendJson(response, answer);
      // What it gave out in a failure nobody holds, nor a refresh token of which it says that it is dead.
      state.held = failure === 'refused' ? { ...before, refresh_token: '' } : before;
      if (failure === 'bad_id_token') sendJson(response, answer);
      else fail(response, failure, echo, answer);
    },
    '/revoke'(request, response) {
      if (answers.revoke === 'hangs') return;
      const [answer, echo] = [answers.revoke, state.echo(request)];
      if (answer === 'echoing') sendJson(response, { ...state.held, echo });
      else if (answer === 'well' || answer === 'bad_id_token') response.writeHead(200).end();
      else fail(response, answer, echo, { ...state.held });
    },
    '/pushed'(request, response) {
      if (answers.pushed === 'hangs') return;
      const [answer, echo] = [answers.pushed, state.echo(request)];
      state.pushed = new URLSearchParams(request.form);
      const said = { request_uri: `urn:pushed:${state.fresh('pushed')}`, expires_in: 60 };
      if (answer === 'echoing') sendJson(response, { ...said, echo }, 201);
      else if (answer === 'well' || answer === 'bad_id_token') sendJson(response, said, 201);
      else fail(response, answer, echo, said);
    },
    '/introspect'(request, response) {
      if (answers.introspect === 'hangs') return;
      const [answer, echo] = [answers.introspect, state.echo(request)];
      if (answer === 'bad_id_token') return void sendJson(response, { active: false });
      if (answer === 'well') return void sendJson(response, { active: true, sub: 'somebody' });
      const said = introspection(state, echo);
      if (answer === 'echoing') return void sendJson(response, said);
      fail(response, answer, echo, said);
    },
  };
}
