import { Secret } from '../../shared/secret.ts';

/** Values for an automation script, by name; the secret ones are revealed only inside its sandbox. */
export type ScriptVars = Record<string, string | Secret>;

/** A variable's value in the clear: for the sandbox, and for finding it in text. */
export function reveal(value: string | Secret): string {
  return value instanceof Secret ? value.reveal() : value;
}

/** Values of cookies that are long enough to be somebody's session, as a redactor takes them. */
export function cookieSecrets(cookies: { value: string }[]): ScriptVars {
  const long = cookies.filter(({ value }) => value.length >= 8);
  return Object.fromEntries(long.map(({ value }, index) => [`cookie ${index + 1}`, new Secret(value)]));
}

interface Finding {
  text: string;
  name: string;
}

/** The ways in which a page or a URL may repeat a value. */
function writings(name: string, value: string): Finding[] {
  const encoded = encodeURIComponent(value.replace(/\p{Surrogate}/gu, '\uFFFD'));
  const html = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  // A page shows one blank for several.
  const collapsed = value.replace(/\s+/g, ' ').trim();
  const json = JSON.stringify(value).slice(1, -1);
  const all = [value, collapsed, encoded, encoded.replaceAll('%20', '+'), html, json];
  return [...new Set(all)].filter((text) => text !== '').map((text) => ({ text, name: `[${name}]` }));
}

/**
 * Makes a function that puts `[name]` for each value of `vars` found in a text, so that nothing a page echoes is
 * shown. Also the beginning of a value at a text's end, where the text was cut. Values of one or two characters that
 * are not secret are left alone: they would be found everywhere.
 */
export function createRedactor(vars: ScriptVars): (text: string) => string {
  const findings = Object.entries(vars)
    .flatMap(([name, value]) => {
      const clear = reveal(value);
      return clear.length >= (value instanceof Secret ? 1 : 3) ? writings(name, clear) : [];
    })
    .sort((left, right) => right.text.length - left.text.length);

  return (text) => {
    const whole = findings.reduce((rest, { text: found, name }) => rest.replaceAll(found, () => name), text);
    return findings.reduce(withoutCutEnd, whole);
  };
}

function withoutCutEnd(text: string, { text: value, name }: Finding): string {
  const body = text.replace(/…$/, '');
  for (let length = Math.min(value.length - 1, body.length); length >= 4; length -= 1) {
    if (body.endsWith(value.slice(0, length))) {
      return `${body.slice(0, -length)}${name}${text.slice(body.length)}`;
    }
  }
  return text;
}
