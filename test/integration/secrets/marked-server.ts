import type { ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import { type SeenRequest, startWebServer } from '../../fixtures/web-server.ts';
import { createEcho, sentIn } from './echo.ts';
import { type Approvals, approvals } from './marked-approvals.ts';
import { type EndpointAnswer, type Endpoints, endpoints } from './marked-endpoints.ts';
import { type EndSessionAnswer, type LoginAnswer, type Pages, pages } from './marked-pages.ts';
import { stem } from './markers.ts';

/** What access tokens look like; short ones are those that a mask must hide whole. */
export type TokenForm = 'long' | 'short' | 'jwt';

/** How each endpoint answers, until it is changed. */
export interface MarkedAnswers {
  login: LoginAnswer;
  token: EndpointAnswer;
  revoke: EndpointAnswer;
  introspect: EndpointAnswer;
  pushed: EndpointAnswer;
  /** Of the endpoints at which an approval on another device begins. */
  approval: EndpointAnswer;
  endSession: EndSessionAnswer;
  api: 'well' | 'invalid_token' | 'closed';
  tokenForm: TokenForm;
  /** By how much its clock is ahead, in milliseconds; null: it does not tell the time. */
  dateAheadMs: number | null;
}

/** What of one server's life its parts share. */
export interface ServerState {
  url(): string;
  answers: MarkedAnswers;
  /** What an authorization request carried last. */
  asked: URLSearchParams;
  /** What was pushed last, which stands in no address. */
  pushed: URLSearchParams;
  /** What was typed on the login page last, or sent by the password grant. */
  typed: URLSearchParams;
  /** The token answer of last time. */
  held: Record<string, string>;
  sessions: Set<string>;
  /** Makes a secret with the stem in it. */
  fresh(kind: string): string;
  note(values: Iterable<string>): void;
  /** All that it was sent, and what else it knows of this person, in another writing each time. */
  echo(request: SeenRequest): string;
}

/** An authorization server and API that repeat all that was sent to them, in their failures and in their successes. */
export interface MarkedServer {
  url: string;
  answers: MarkedAnswers;
  /** The secrets that it gave out: tokens, codes, session cookies. Each holds the stem. */
  made: ReadonlySet<string>;
  /** The secrets that the engine made and sent: states, nonces, verifiers. */
  seen: Set<string>;
  /** Has it forget the tokens that the client has forgotten: it would repeat what nobody could know for a secret. */
  forget(): void;
  /** Called with each request before it is answered: the middle of a flow. */
  onRequest: (path: string) => void;
}

type Handler = (request: SeenRequest, response: ServerResponse) => void;

function api({ answers }: ServerState): Handler {
  return (_, response) => {
    if (answers.api === 'closed') return void response.destroy();
    const bad = answers.api === 'invalid_token';
    const headers = bad ? { 'www-authenticate': 'Bearer error="invalid_token"' } : {};
    response.writeHead(bad ? 401 : 200, headers).end();
  };
}

/** What of a request the engine made up: it is looked for by itself. */
function engineMade({ form, path, headers }: SeenRequest): string[] {
  const { searchParams } = new URL(path, 'http://server');
  const values = ['state', 'nonce', 'request'].flatMap((name) => [searchParams.get(name), form.get(name)]);
  const proofs = ['client_assertion', 'code_verifier', 'assertion'].map((name) => form.get(name));
  // A signed one is told from all others by its signature alone.
  const told = [...values, ...proofs, String(headers.dpop ?? '')].map((value) => value?.split('.').at(-1));
  return told.filter((value): value is string => value !== undefined && value !== '');
}

/** Starts one, where all goes well. */
export async function startMarkedServer(): Promise<MarkedServer> {
  const made = new Set<string>();
  const seen = new Set<string>();
  const repeat = createEcho();
  let count = 0;
  const state: ServerState = {
    url: () => server.url,
    answers: {
      ...{
        login: 'well',
        token: 'well',
        revoke: 'well',
        introspect: 'well',
        pushed: 'well',
        approval: 'well',
        endSession: 'returns',
      },
      ...{ api: 'well', tokenForm: 'long', dateAheadMs: null },
    },
    ...{
      asked: new URLSearchParams(),
      pushed: new URLSearchParams(),
      typed: new URLSearchParams(),
      held: {},
      sessions: new Set(),
    },
    fresh(kind) {
      count += 1;
      const value = `000000-${kind}-${stem}-${count}/+&%"'<`;
      made.add(value);
      return value;
    },
    note(values) {
      for (const value of values) made.add(value);
    },
    echo: (request) => repeat([...sentIn(request), ...state.typed.values(), ...Object.values(state.held)]),
  };
  const own: Endpoints & Approvals & Pages = { ...endpoints(state), ...approvals(state), ...pages(state) };
  const handlers: Record<string, Handler> = { ...own, '/api': api(state) };
  const forget = () => {
    state.held = {};
  };
  const marked: MarkedServer = {
    ...{ url: '', answers: state.answers, made, seen, forget },
    onRequest: () => undefined,
  };
  const server = await startWebServer((request, response) => {
    for (const value of engineMade(request)) seen.add(value);
    marked.onRequest(request.path);
    const { dateAheadMs } = state.answers;
    if (dateAheadMs !== null) response.setHeader('date', new Date(Date.now() + dateAheadMs).toUTCString());
    const handler = handlers[new URL(request.path, 'http://server').pathname];
    if (handler === undefined) response.writeHead(404).end();
    else handler(request, response);
  });
  onTestFinished(() => server.close());
  marked.url = server.url;
  return marked;
}
