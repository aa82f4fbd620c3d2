/** The members of a JSON object, or of a form that stands in its place. */
export type Members = Readonly<Record<string, unknown>>;

/** Parses whatever the content type calls it: real servers label JSON as text or HTML. Undefined: it is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a body is that should have been JSON, for a message; never its content, which may hold a token. */
export function describeBody(response: Response, body: string): string {
  if (body.trim() === '') return 'an empty body';
  if (/html/i.test(response.headers.get('content-type') ?? '') || body.trimStart().startsWith('<')) {
    return 'an HTML page';
  }
  return 'a damaged or foreign text';
}
