/** Text as a string literal of JavaScript: hostile texts too give one line and nothing but text. */
export function quoted(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${inner.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}'`;
}

/** Text as a part of a template literal. */
export function inTemplate(text: string): string {
  return quoted(text).slice(1, -1).replaceAll("\\'", "'").replaceAll('`', '\\`').replaceAll('${', '\\${');
}

/** How a script reads a value. */
export function variable(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `vars.${name}` : `vars[${quoted(name)}]`;
}
