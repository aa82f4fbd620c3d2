import { inTemplate, quoted, variable } from '../automation/script-text.ts';
import type { FieldValues, Typed } from './field-values.ts';
import type { Place } from './placing.ts';

/**
 * One thing that a person did, found again by `place`. `page` 0 is the first page, the others are popups. `host`: the server of
 * the field.
 */
export type RecordedStep =
  | { kind: 'click' | 'check' | 'uncheck' | 'enter'; page: number; place: Place }
  | { kind: 'fill'; page: number; host: string; place: Place; typed: Typed }
  | { kind: 'code'; page: number; host: string; places: readonly Place[]; typed: Typed }
  | { kind: 'select'; page: number; place: Place; values: readonly string[] }
  | { kind: 'popup'; page: number; opener: number };

type Known = ReturnType<FieldValues['known']>;

const letter = /[\p{L}\p{N}]/u;

/** Where a value stands in a text; a plain one only as a word, since "ann" is in "Cannot" too. */
function indexIn(text: string, { value, secret }: Known[number], from: number): number {
  const wanted = value.reveal();
  for (let at = text.indexOf(wanted, from); at !== -1; at = text.indexOf(wanted, at + 1)) {
    if (secret) return at;
    const around = [text[at - 1] ?? ' ', text[at + wanted.length] ?? ' '];
    if (!around.some((each) => letter.test(each))) return at;
  }
  return -1;
}

/** A text of a page as code: what is the person's own in it ("Continue as alice") is read from `vars`. */
function textCode(text: string, known: Known): string {
  const parts: string[] = [];
  let at = 0;
  for (;;) {
    const found = known
      .filter(({ value }) => value.reveal().length >= 3)
      .map((each) => ({ each, index: indexIn(text, each, at), length: each.value.reveal().length }))
      .filter(({ index }) => index !== -1)
      .sort((left, right) => left.index - right.index || right.length - left.length)[0];
    if (found === undefined) break;
    const value = variable(found.each.name);
    const code = found.each.kind === 'code' ? `await totp(${value})` : value;
    parts.push(inTemplate(text.slice(at, found.index)), `\${${code}}`);
    at = found.index + found.length;
  }
  if (parts.length === 0) return quoted(text);
  const rest = inTemplate(text.slice(at));
  if (parts.length === 2 && parts[0] === '' && rest === '') return (parts[1] ?? '').slice(2, -1);
  return `\`${parts.join('')}${rest}\``;
}

const finders = {
  ...{ label: 'getByLabel', placeholder: 'getByPlaceholder', text: 'getByText', role: 'getByRole' },
  ...{ testid: 'getByTestId', css: 'locator' },
} as const;

/** A place as the code that finds it, from the page or popup of a number on. */
export function locatorCode(page: number, { frames, found, first }: Place, known: Known): string {
  const start = page === 0 ? 'page' : `popup${page}`;
  const inside = frames.map((frame) => `.frameLocator(${textCode(frame, known)})`).join('');
  const text = textCode(found.text, known);
  const exact = 'exact' in found && found.exact;
  const options = found.by === 'role' ? [`name: ${text}`] : [];
  if (exact) options.push('exact: true');
  const main = found.by === 'role' ? quoted(found.role) : text;
  const given = [main, ...(options.length === 0 ? [] : [`{ ${options.join(', ')} }`])].join(', ');
  return `${start}${inside}.${finders[found.by]}(${given})${first ? '.first()' : ''}`;
}

/** Whether a field was filled once more, with the same value or because the first one was a mistake. */
function fillsAgain(before: RecordedStep, step: RecordedStep): boolean {
  // The next server of a login may well ask for the same once more.
  if (!('host' in before && 'host' in step) || before.host !== step.host) return false;
  if (before.kind === 'code') {
    return step.kind === 'code' && JSON.stringify(before.places) === JSON.stringify(step.places);
  }
  if (before.kind !== 'fill' || step.kind !== 'fill' || before.page !== step.page) return false;
  const same = before.typed.kind === step.typed.kind && before.typed.name === step.typed.name;
  return JSON.stringify(before.place) === JSON.stringify(step.place) && (same || !before.typed.held);
}

/**
 * Leaves out what led nowhere: when the same field is filled once more, what was done since the
 * first time was an attempt that the server refused.
 */
function withoutFailedAttempts(steps: readonly RecordedStep[]): RecordedStep[] {
  const kept: RecordedStep[] = [];
  for (const step of steps) {
    const before = kept.findIndex((each) => fillsAgain(each, step));
    // Without a click or Enter between it was only corrected.
    const tried =
      before !== -1 && kept.slice(before).some(({ kind }) => kind === 'click' || kind === 'enter');
    if (tried) kept.splice(before);
    else if (before !== -1) kept.splice(before, 1);
    kept.push(step);
  }
  return kept;
}

/** Leaves out popups in which nothing was done, and puts the others before what opened them: there they are awaited. */
function withPopups(steps: readonly RecordedStep[]): RecordedStep[] {
  const worked = new Set(steps.flatMap((step) => (step.kind === 'popup' ? [] : [step.page])));
  const placed: RecordedStep[] = [];
  for (const step of steps) {
    if (step.kind !== 'popup') {
      placed.push(step);
      continue;
    }
    if (!worked.has(step.page)) continue;
    const cause = placed.findLastIndex(({ kind, page }) => kind !== 'popup' && page === step.opener);
    placed.splice(cause === -1 ? placed.length : cause, 0, step);
  }
  return placed;
}

function linesOf(step: RecordedStep, known: Known, codes: number): string[] {
  if (step.kind === 'popup') {
    const opener = step.opener === 0 ? 'page' : `popup${step.opener}`;
    return [`const opening${step.page} = ${opener}.waitForEvent('popup');`];
  }
  if (step.kind === 'code') {
    const name = codes === 0 ? 'code' : `code${codes + 1}`;
    return [
      `const ${name} = await totp(${variable(step.typed.name)});`,
      ...step.places.map(
        (place, index) => `await ${locatorCode(step.page, place, known)}.fill(${name}[${index}]);`,
      ),
    ];
  }
  const target = `await ${locatorCode(step.page, step.place, known)}`;
  switch (step.kind) {
    case 'fill': {
      const value = variable(step.typed.name);
      return [`${target}.fill(${step.typed.kind === 'code' ? `await totp(${value})` : value});`];
    }
    case 'enter':
      return [`${target}.press('Enter');`];
    case 'select': {
      const values = step.values.map((value) => textCode(value, known));
      return [`${target}.selectOption(${values.length === 1 ? values[0] : `[${values.join(', ')}]`});`];
    }
    default:
      return [`${target}.${step.kind}();`];
  }
}

const heading = '// Recorded. "vars" holds the values of the persona.';

/** Writes the script that does the steps again. No value stands in it, only names of values. */
export function writeScript(steps: readonly RecordedStep[], known: Known): string {
  const lines: string[] = [heading];
  const opened = new Set<number>();
  let codes = 0;
  for (const step of withPopups(withoutFailedAttempts(steps))) {
    if (step.kind !== 'popup' && step.page !== 0 && !opened.has(step.page)) {
      opened.add(step.page);
      lines.push(`const popup${step.page} = await opening${step.page};`);
    }
    lines.push(...linesOf(step, known, codes));
    if (step.kind === 'code') codes += 1;
  }
  return `${lines.join('\n')}\n`;
}
