/** A string, or a character of JSON's structure; what stands between them is of no matter here. */
const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]/gs;

/**
 * The first name that stands twice in one object of a JSON text; null: none does. The text must be valid JSON. Which of
 * the two values counts differs between readers (RFC 8259 section 4): here, as in JavaScript, it is the last.
 */
export function duplicateMember(json: string): string | null {
  const open: (Set<string> | null)[] = [];
  let text = '';
  for (const [part] of json.matchAll(token)) {
    if (part === '{') open.push(new Set());
    else if (part === '[') open.push(null);
    else if (part === '}' || part === ']') open.pop();
    else if (part === ':') {
      const names = open.at(-1);
      // A name may be written with escapes: they are the same name all the same.
      const name: unknown = JSON.parse(text);
      if (typeof name !== 'string' || names == null) continue;
      if (names.has(name)) return name;
      names.add(name);
    }
    text = part;
  }
  return null;
}
