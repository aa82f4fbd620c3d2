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
  const long = new Set(cookies.map(({ value }) => value).filter((value) => value.length >= 8));
  return Object.fromEntries([...long].map((value, index) => [`cookie ${index + 1}`, new Secret(value)]));
}

/** What of an authorization or end-session URL no page may repeat into a message. */
export function addressSecrets(url: string): ScriptVars {
  if (!URL.canParse(url)) return {};
  const { searchParams } = new URL(url);
  const values = ['id_token_hint', 'state', 'nonce', 'request', 'request_uri', 'code_challenge'].map(
    (name) => [name, searchParams.get(name)] as const,
  );
  return Object.fromEntries(
    values.flatMap(([name, value]) => (value === null ? [] : [[name, new Secret(value)]])),
  );
}

/** Secrets without a name of their own, as a redactor takes them. */
export function namelessSecrets(secrets: readonly Secret[]): ScriptVars[] {
  return secrets.map((secret) => ({ secret }));
}

/** The secret values themselves, each once; those of one or two characters are left out: they are everywhere. */
export function secretTexts(all: readonly ScriptVars[]): string[] {
  const secrets = all.flatMap((vars) => Object.values(vars)).filter((value) => value instanceof Secret);
  return [...new Set(secrets.map((secret) => secret.reveal()))].filter((text) => text.length > 2);
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

/** How many characters at a text's end are the beginning of a value that was cut off there; fewer than 4 are chance. */
function cutLength(text: string, value: string): number {
  for (let length = Math.min(value.length - 1, text.length); length >= 4; length -= 1) {
    if (text.endsWith(value.slice(0, length))) return length;
  }
  return 0;
}

/**
 * Makes a function that puts `[name]` for each of the values found in a text, so that nothing a page echoes is
 * shown. Also the beginning of a value at a text's end, where the text was cut. Values of one or two characters that
 * are not secret are left alone: they would be found everywhere. All are looked for before any is replaced, since one may
 * stand within another, and that one cut.
 */
export function createRedactor(...all: ScriptVars[]): (text: string) => string {
  const findings = findingsOf(all);
  const placeholders = new Set(findings.map(({ name }) => name));

  return (text) => {
    const marks = new Array<{ name: string | null } | undefined>(text.length);
    const mark = (from: number, to: number, name: string | null): void => {
      const one = { name };
      for (let at = from; at < to; at += 1) marks[at] ??= one;
    };
    const markAll = (part: string, name: string | null): void => {
      for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + part.length)) {
        mark(at, at + part.length, name);
      }
    };
    // What was redacted before stays as it is.
    for (const placeholder of placeholders) markAll(placeholder, null);
    for (const { text: value, name } of findings) markAll(value, name);
    const body = text.replace(/…$/, '');
    for (const { text: value, name } of findings) {
      mark(body.length - cutLength(body, value), body.length, name);
    }
    return Array.from({ length: text.length }, (_, at) => {
      const found = marks[at];
      if (found === undefined || found.name === null) return text[at];
      return found === marks[at - 1] ? '' : found.name;
    }).join('');
  };
}
