import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** One request that reached the server, for seeing what a browser really sent. */
export interface Visit {
  method: string;
  path: string;
  body: string;
  /** The Cookie header; empty: none. */
  cookie: string;
}

export interface LoginServer {
  url: string;
  visits: Visit[];
}

/** `cookies` are Set-Cookie headers. */
type Page = string | { status?: number; location?: string; html?: string; cookies?: string[] };
export type Pages = Record<string, (visit: Visit, query: URLSearchParams) => Page | Promise<Page>>;

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const part of request) body += String(part);
  return body;
}

/** Starts a server whose pages are given by path; each sees the request and what was posted. */
export async function startLoginServer(pages: Pages): Promise<LoginServer> {
  const visits: Visit[] = [];
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://server');
    const { method = '', headers } = request;
    const visit = { method, path: url.pathname, body: await bodyOf(request), cookie: headers.cookie ?? '' };
    visits.push(visit);
    const page = (await pages[url.pathname]?.(visit, url.searchParams)) ?? { status: 404, html: 'not found' };
    const { status, location, html, cookies = [] } = typeof page === 'string' ? { html: page } : page;
    response.writeHead(status ?? (location === undefined ? 200 : 302), {
      'content-type': 'text/html; charset=utf-8',
      ...(location === undefined ? {} : { location }),
      'set-cookie': cookies,
    });
    response.end(html ?? '');
  }
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, visits };
}

/** A login form as servers have them, with labels. */
export function loginForm(action: string, more = ''): string {
  return `<!doctype html><title>Sign in</title><h1>Sign in</h1><form method="post" action="${action}">
    <label>User name <input name="user"></label>
    <label>Password <input name="password" type="password"></label>
    <button>Sign in</button></form>${more}`;
}
