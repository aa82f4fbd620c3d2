/** Parses whatever the content type calls it: real servers label JSON as text or HTML. Undefined: it is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The members of an answer: JSON, or the form that some token endpoints write in its place. Undefined: it is neither.
 */
export function parseAnswer(response: Response, body: string): unknown {
  const json = parseJson(body);
  const type = response.headers.get('content-type') ?? '';
  const isForm = json === undefined && /^application\/x-www-form-urlencoded\b/i.test(type) && body !== '';
  return isForm ? Object.fromEntries(new URLSearchParams(body)) : json;
}

/** What a body is that should have been JSON, for a message; never its content, which may hold a token. */
export function describeBody(response: Response, body: string): string {
  if (body.trim() === '') return 'an empty body';
  if (/html/i.test(response.headers.get('content-type') ?? '') || body.trimStart().startsWith('<')) {
    return 'an HTML page';
  }
  return 'a damaged or foreign text';
}
