import { IncomingMessage } from 'node:http';
import { Refusal } from './http-answers.ts';

const mostBytes = 64 * 1024;
/** A body that is too large is read this far before it is refused, so that most clients come to see the refusal. */
const mostBytesRead = 16 * mostBytes;

/** Reads a request's body. Throws a Refusal (413) beyond 64 KiB. */
export async function readBody(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Not destroyed, because the refusal still has to go out on the same socket.
  for await (const chunk of req.iterator({ destroyOnReturn: false })) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size <= mostBytes) chunks.push(bytes);
    if (size > mostBytesRead) break;
  }
  if (size > mostBytes) {
    throw new Refusal(413, 'request_too_large', 'A body may have at most 64 KiB.', { connection: 'close' });
  }
  return Buffer.concat(chunks);
}

/** The request once more, its body not yet read: oidc-provider reads it itself. */
export function replay(req: IncomingMessage, body: Buffer): IncomingMessage {
  const copy = new IncomingMessage(req.socket);
  copy.method = req.method;
  copy.url = req.url;
  copy.headers = req.headers;
  copy.httpVersion = req.httpVersion;
  copy.httpVersionMajor = req.httpVersionMajor;
  copy.httpVersionMinor = req.httpVersionMinor;
  copy.push(body);
  copy.push(null);
  copy.complete = true;
  return copy;
}

/** Whether the body is said to be of this media type, whatever its parameters. */
function isOfType(req: IncomingMessage, type: string): boolean {
  return req.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() === type;
}

/** Reads the fields of a page's form. Throws a Refusal for any other kind of body. */
export async function readForm(req: IncomingMessage): Promise<URLSearchParams> {
  if (!isOfType(req, 'application/x-www-form-urlencoded')) {
    throw new Refusal(415, 'invalid_request', 'This page takes a form.', { connection: 'close' });
  }
  return new URLSearchParams((await readBody(req)).toString('utf8'));
}

/** Reads a JSON body. Throws a Refusal (400) for anything else. */
export async function readJson(req: IncomingMessage): Promise<unknown> {
  const text = (await readBody(req)).toString('utf8');
  if (!isOfType(req, 'application/json')) {
    throw new Refusal(400, 'invalid_request', 'The body must be JSON, with Content-Type: application/json.');
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, 'invalid_request', 'The body is not valid JSON.');
  }
}
