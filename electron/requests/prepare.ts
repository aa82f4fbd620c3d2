import { AppError } from '../../shared/errors.ts';
import type { ApiRequest, Header, Method, RequestBody } from '../../shared/model/request.ts';
import { checkUrl } from './check-url.ts';
import { checkHeader, defaultHeaders, hasHeader } from './headers.ts';
import { resolveTemplate, type VariableLookup } from './variables.ts';

/** A request with its variables filled in and checked: what goes on the wire, but for the token. */
export interface OutgoingRequest {
  method: Method;
  url: string;
  headers: Header[];
  /** Null sends no body. */
  body: string | null;
}

/** The request as it goes out, and as it may be shown: secrets masked. */
export interface PreparedRequest {
  outgoing: OutgoingRequest;
  shown: { url: string; headers: Header[] };
}

/**
 * Builds the request that goes out: variables filled in, URL and headers checked, defaults added. A JSON body goes out
 * as typed, right or wrong. Throws `url_invalid`, `request_invalid`, `variable_missing`, `variable_loop`.
 */
export async function prepareRequest(request: ApiRequest, lookup: VariableLookup): Promise<PreparedRequest> {
  const url = await resolveTemplate(request.url, lookup);
  const address = checkUrl(url);
  const headers: Header[] = [];
  const shown: Header[] = [];
  for (const { name, value } of request.headers) {
    // An empty row of the form.
    if (name === '' && value === '') continue;
    const resolved = await resolveTemplate(value, lookup);
    headers.push(checkHeader({ name, value: resolved.text }));
    shown.push({ name, value: resolved.shown });
  }
  const body = await bodyOf(request, lookup);
  const added = [...contentTypeOf(request.body), ...defaultHeaders].filter(
    ({ name }) => !hasHeader(headers, name),
  );
  return {
    outgoing: { method: request.method, url: address.href, headers: [...headers, ...added], body },
    shown: { url: url.secrets.length === 0 ? address.href : url.shown, headers: [...shown, ...added] },
  };
}

async function bodyOf({ method, body }: ApiRequest, lookup: VariableLookup): Promise<string | null> {
  if (body.kind === 'none') return null;
  const { text } = await resolveTemplate(body.text, lookup);
  if (text === '') return null;
  if (method === 'HEAD') {
    throw new AppError('request_invalid', 'A HEAD request cannot carry a body.', {
      action: 'Choose another method, or set the body to none.',
    });
  }
  return text;
}

function contentTypeOf(body: RequestBody): Header[] {
  if (body.kind === 'none') return [];
  const value = body.kind === 'json' ? 'application/json' : body.contentType.trim();
  return value === '' ? [] : [checkHeader({ name: 'content-type', value })];
}
