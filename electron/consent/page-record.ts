import type { BrowserContext, Request } from 'playwright-core';

const longestList = 200;
const longestLine = 500;

/** One request of the pages, without its query, headers and body. */
export interface NetworkLine {
  method: string;
  /** Without query and fragment. */
  url: string;
  kind: string;
  /** Null: no answer came; `failure` says why. */
  status: number | null;
  failure: string | null;
}

/** What the pages of a flow said in their console and asked of the network, the newest of each; hostile text. */
export interface PageRecord {
  console: string[];
  network: NetworkLine[];
}

/** An address without its query and fragment, which may carry codes and tokens. */
export function withoutParameters(url: string): string {
  return url.startsWith('data:') ? 'data:…' : url.replace(/[;?#].*$/s, '').slice(0, longestLine);
}

/** A text of the browser's without the parameters of the addresses that it quotes. */
function withPlainAddresses(text: string): string {
  return text.replace(/\b([a-z][a-z0-9+.-]*:\/\/[^\s'"<>;?#]+)[;?#][^\s'"<>]*/gi, '$1');
}

function add<T>(list: T[], entry: T): void {
  list.push(entry);
  if (list.length > longestList) list.shift();
}

/** Writes down what happens in a browser context from now on. */
export function recordPages(context: BrowserContext): PageRecord {
  const record: PageRecord = { console: [], network: [] };
  context.on('console', (message) =>
    add(record.console, `${message.type()}: ${withPlainAddresses(message.text()).slice(0, longestLine)}`),
  );
  context.on('weberror', (error) =>
    add(record.console, `error: ${withPlainAddresses(String(error.error())).slice(0, longestLine)}`),
  );
  const note = (request: Request, status: number | null, failure: string | null): void =>
    add(record.network, {
      method: request.method(),
      url: withoutParameters(request.url()),
      kind: request.resourceType(),
      status,
      failure,
    });
  context.on('response', (response) => note(response.request(), response.status(), null));
  context.on('requestfailed', (request) => note(request, null, request.failure()?.errorText ?? 'failed'));
  return record;
}
