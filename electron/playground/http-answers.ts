import type { ServerResponse } from 'node:http';
import type { Page } from './page.ts';

/** Extra headers of an answer. */
export type Headers = Readonly<Record<string, string | number>>;

/** A request that is answered with an error status: thrown anywhere, sent by the server as a page or as JSON. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Headers;

  constructor(status: number, code: string, message: string, headers: Headers = {}) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** The refusal of a method, with the ones that would do (RFC 9110 section 15.5.6). */
export function methodRefusal(allowed: string): Refusal {
  return new Refusal(405, 'method_not_allowed', `Only ${allowed} works here.`, { allow: allowed });
}

/** Calls `hook` right before an answer's head goes out, whoever writes it; headers may still be set. */
export function beforeHead(res: ServerResponse, hook: (status: number) => void): void {
  res.writeHead = new Proxy(res.writeHead, {
    apply(writeHead, _res, args) {
      hook(Number(args[0]));
      return Reflect.apply(writeHead, res, args);
    },
  });
}

function send(res: ServerResponse, status: number, type: string, body: string, headers: Headers): void {
  res.writeHead(status, {
    'content-type': `${type}; charset=utf-8`,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...headers,
  });
  res.end(body);
}

/** Answers with plain text. */
export function sendText(res: ServerResponse, status: number, text: string, headers: Headers = {}): void {
  send(res, status, 'text/plain', text, headers);
}

/** Answers with JSON text as it is, so that it may also be broken on purpose. */
export function sendJsonText(res: ServerResponse, status: number, json: string, headers: Headers = {}): void {
  send(res, status, 'application/json', json, headers);
}

/** Answers with a value as JSON. */
export function sendJson(res: ServerResponse, status: number, value: unknown, headers: Headers = {}): void {
  sendJsonText(res, status, JSON.stringify(value), headers);
}

/** Answers with a page, under the content security policy that the page asks for. */
export function sendPage(res: ServerResponse, status: number, page: Page, headers: Headers = {}): void {
  send(res, status, 'text/html', page.text, { ...page.headers, ...headers });
}

/** Sends the browser on with a GET. */
export function sendOn(res: ServerResponse, location: string): void {
  res.writeHead(303, { location, 'content-length': 0, 'cache-control': 'no-store' });
  res.end();
}
