import {
  type ApiRequest,
  type Header,
  type Method,
  type RequestAuth,
  type RequestBody,
  requestSchema,
} from '../../../shared/model/request.ts';
import type { Built } from '../../api/draft-store.ts';

export type BodyKind = RequestBody['kind'];

/** A request as the form holds it: the body's text stays when its kind is switched. */
export interface RequestForm {
  name: string;
  method: Method;
  url: string;
  headers: Header[];
  bodyKind: BodyKind;
  bodyText: string;
  contentType: string;
  auth: RequestAuth;
}

/** The form of a saved request. */
export function formOf({ name, method, url, headers, body, auth }: ApiRequest): RequestForm {
  return {
    name,
    method,
    url,
    headers,
    bodyKind: body.kind,
    bodyText: body.kind === 'none' ? '' : body.text,
    contentType: body.kind === 'text' ? body.contentType : 'text/plain',
    auth,
  };
}

function bodyOf({ bodyKind, bodyText, contentType }: RequestForm): RequestBody {
  switch (bodyKind) {
    case 'none':
      return { kind: 'none' };
    case 'json':
      return { kind: 'json', text: bodyText };
    case 'text':
      return { kind: 'text', contentType, text: bodyText };
  }
}

/** The request that a form comes to, or what is wrong by field. Header rows without any text are left out. */
export function requestOf(form: RequestForm): Built<ApiRequest> {
  const parsed = requestSchema.safeParse({
    name: form.name,
    method: form.method,
    url: form.url.trim(),
    headers: form.headers.filter(({ name, value }) => name.trim() !== '' || value !== ''),
    body: bodyOf(form),
    auth: form.auth,
  });
  if (parsed.success) return { kind: 'valid', value: parsed.data };
  const issues = parsed.error.issues.map(({ path, message }) => [String(path[0]), message]);
  return { kind: 'invalid', issues: Object.fromEntries(issues) };
}

/** A response's text as the person wants to read it: JSON indented, anything else as it came. */
export function readable(text: string): { text: string; json: boolean } {
  try {
    return { text: JSON.stringify(JSON.parse(text), null, 2), json: true };
  } catch {
    // Not JSON, whatever its label says: shown as it came.
    return { text, json: false };
  }
}

/** A size in bytes, as people say it. */
export function formatSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
