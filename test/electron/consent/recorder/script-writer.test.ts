import { describe, expect, it } from 'vitest';
import type { Place } from '../../../../electron/consent/recorder/placing.ts';
import { type RecordedStep, writeScript } from '../../../../electron/consent/recorder/script-writer.ts';
import { Secret } from '../../../../shared/secret.ts';

const button = (text: string): Place => ({
  frames: [],
  found: { by: 'role', role: 'button', text, exact: false },
  first: false,
});
const click = (text: string): RecordedStep => ({ kind: 'click', page: 0, place: button(text) });
const fill = (text: string, name: string, held = true, host = 'one.test'): RecordedStep => ({
  kind: 'fill',
  page: 0,
  host,
  place: { frames: [], found: { by: 'label', text, exact: false }, first: false },
  typed: { kind: 'value', name, held },
});

function linesOf(steps: RecordedStep[], known: { name: string; value: string; secret: boolean }[] = []) {
  const values = known.map((each) => ({ kind: 'value' as const, ...each, value: new Secret(each.value) }));
  return writeScript(steps, values).trimEnd().split('\n').slice(1);
}

/** The one argument with which a line of code calls `click`'s button by name, evaluated. */
function nameIn(line: string, vars: Record<string, string>): unknown {
  const code = /name: (.*) }\)\.click\(\);$/s.exec(line)?.[1] ?? '';
  return new Function('vars', `'use strict'; return ${code};`)(vars);
}

describe('a written script', () => {
  it.each([
    `'`,
    '"',
    '\\',
    '\\\'"',
    `\`\${vars.user}\``,
    'a\nb\r\u2028\u2029\u0000',
    '\ud800',
    "'); throw 1; ('",
    '</script>',
    '*/',
  ])('reads %j as that text', (text) => {
    const [line = '', ...more] = linesOf([click(`x${text}y`)]);
    expect(more).toEqual([]);
    expect(nameIn(line, { user: 'no' })).toBe(`x${text}y`);
  });

  it.each(["`${'", '\\', '\\`', '$', `\${vars.other}`, '\n'])(
    'keeps %j beside a value of the persona',
    (text) => {
      const known = [{ name: 'us-er', value: 'alice', secret: false }];
      const [line = ''] = linesOf([click(`${text}alice ${text}`)], known);
      expect(line).not.toContain('alice');
      expect(nameIn(line, { 'us-er': 'bob' })).toBe(`${text}bob ${text}`);
    },
  );

  it('takes a plain value for itself only as a word, a secret one anywhere', () => {
    const known = [
      { name: 'user', value: 'ann', secret: false },
      { name: 'password', value: 'not', secret: true },
    ];
    expect(linesOf([click('Cannot, ann')], known)).toEqual([
      `await page.getByRole('button', { name: \`Can\${vars.password}, \${vars.user}\` }).click();`,
    ]);
  });

  it('leaves out an attempt that was refused, and a value that was corrected', () => {
    const steps = [
      fill('User', 'user'),
      fill('Password', 'password', false),
      click('Sign in'),
      fill('Password', 'password'),
      click('Sign in'),
      click('Allow'),
    ];
    const wanted = [
      `await page.getByLabel('User').fill(vars.user);`,
      `await page.getByLabel('Password').fill(vars.password);`,
      `await page.getByRole('button', { name: 'Sign in' }).click();`,
      `await page.getByRole('button', { name: 'Allow' }).click();`,
    ];
    expect(linesOf(steps)).toEqual(wanted);
    expect(linesOf([...steps.slice(0, 2), ...steps.slice(3)])).toEqual(wanted);
  });

  it('keeps both when two values of the persona go into one field, a step after the other', () => {
    const steps = [fill('Answer', 'user'), click('Next'), fill('Answer', 'colour'), click('Next')];
    expect(linesOf(steps)).toHaveLength(4);
  });

  it('keeps both when the next server asks for the same once more', () => {
    const again = fill('Email', 'user', false, 'two.test');
    const steps = [fill('Email', 'user', false), click('Next'), again, click('Next')];
    expect(linesOf(steps)).toHaveLength(4);
  });

  it('leaves out a popup in which nothing was done', () => {
    expect(linesOf([click('Terms'), { kind: 'popup', page: 1, opener: 0 }, click('Go on')])).toEqual(
      linesOf([click('Terms'), click('Go on')]),
    );
  });
});
