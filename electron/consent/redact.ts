import { Secret } from '../../shared/secret.ts';
import { disguises } from '../oauth/server-text.ts';

/** Values for an automation script, by name; the secret ones are revealed only inside its sandbox. */
export type ScriptVars = Record<string, string | Secret>;

/** A variable's value in the clear: for the sandbox, and for finding it in text. */
export function reveal(value: string | Secret): string {
  return value instanceof Secret ? value.reveal() : value;
}

/** Values of cookies that are long enough to be somebody's session, as a redactor takes them. */
export function cookieSecrets(cookies: { value: string }[]): Record<string, Secret> {
  const long = cookies.filter(({ value }) => value.length >= 8);
  return Object.fromEntries(long.map(({ value }, index) => [`cookie ${index + 1}`, new Secret(value)]));
}

/** What of an authorization or end-session URL no page may repeat into a message. */
export function addressSecrets(url: string): ScriptVars {
  if (!URL.canParse(url)) return {};
  const { searchParams } = new URL(url);
  const values = ['id_token_hint', 'state', 'nonce'].map((name) => [name, searchParams.get(name)] as const);
  return Object.fromEntries(
    values.flatMap(([name, value]) => (value === null ? [] : [[name, new Secret(value)]])),
  );
}

/** Secrets without a name of their own, as a redactor takes them. */
export function namelessSecrets(secrets: readonly Secret[]): ScriptVars[] {
  return secrets.map((secret) => ({ secret }));
}

interface Finding {
  text: string;
  name: string;
}

/** All that is to be found, each text once; the first of two values that are written alike gives the name. */
function findingsOf(all: readonly ScriptVars[]): Finding[] {
  const names = new Map<string, string>();
  for (const [name, value] of all.flatMap((vars) => Object.entries(vars))) {
    const secret = value instanceof Secret ? value : new Secret(value);
    if (secret.reveal().length < (value instanceof Secret ? 1 : 3)) continue;
    for (const text of disguises(secret)) if (!names.has(text)) names.set(text, `[${name}]`);
  }
  const findings = [...names].map(([text, name]) => ({ text, name }));
  return findings.sort((left, right) => right.text.length - left.text.length);
}

/**
 * Makes a function that puts `[name]` for each of the values found in a text, so that nothing a page echoes is
 * shown. Also the beginning of a value at a text's end, where the text was cut. Values of one or two characters that
 * are not secret are left alone: they would be found everywhere.
 */
export function createRedactor(...all: ScriptVars[]): (text: string) => string {
  const findings = findingsOf(all);
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
