import { CompletionContext } from '@codemirror/autocomplete';
import { javascript } from '@codemirror/lang-javascript';
import { EditorState, Text } from '@codemirror/state';
import { describe, expect, it } from 'vitest';
import { scriptCompletion } from '../../../../renderer/features/automation/language/completion.ts';
import { syntaxProblem, unknownVars } from '../../../../renderer/features/automation/language/problems.ts';
import { scriptVars } from '../../../../renderer/features/automation/language/script-vars.ts';
import { scriptSnippets } from '../../../../renderer/features/automation/language/snippets.ts';
import { newProfile } from '../../../../shared/model/profile.ts';
import { scriptEditorConfig, scriptTypes } from '../../../../shared/script-api/script-types.ts';
import { typeCheck } from '../../../shared/script-api/type-check.ts';

const vars = [
  { name: 'user', origin: '' },
  { name: 'odd.name', origin: '' },
];

/** The labels offered at `|`. */
function offered(marked: string, explicit = false): string[] {
  const pos = marked.indexOf('|');
  const state = EditorState.create({ doc: marked.replace('|', ''), extensions: [javascript()] });
  const result = scriptCompletion(() => vars)(new CompletionContext(state, pos, explicit));
  return (result?.options ?? []).map(({ label }) => label);
}

describe('completion', () => {
  it.each([
    ['await page.|', 'goto', 'nth'],
    ['page.|\nawait page.reload();', 'getByRole', 'accept'],
    ["page.getByRole('button').|", 'nth', 'goto'],
    ["page.getByRole('button').fi|", 'filter', 'goto'],
    ["const box = page.locator('a').first();\nawait box.|", 'click', 'goto'],
    ["page.frameLocator('iframe').|", 'owner', 'click'],
    ["page.locator('iframe').contentFrame().|", 'getByLabel', 'click'],
    ['page.keyboard.|', 'insertText', 'fill'],
    ["const p = page.waitForEvent('popup');\nconst popup = await p;\npopup.|", 'bringToFront', 'nth'],
    ["expect(page.locator('a')).|", 'toBeVisible', 'toHaveURL'],
    ["expect(page.locator('a')).not.|", 'toHaveCount', 'toBe'],
    ['expect(page).|', 'toHaveURL', 'toBeVisible'],
    ['expect(await page.title()).|', 'toContain', 'toHaveURL'],
    ["page.on('dialog', (dialog) => dialog.|)", 'accept', 'goto'],
    ["page.once('dialog', async (d) => { await d.| });", 'dismiss', 'goto'],
    ["test('x', async ({ page }) => {\n  await page.|\n});", 'goto', 'nth'],
    ['vars.|', 'user', 'goto'],
    ["page.getByRole('|')", 'button', 'user'],
    ["page.getByRole('but|', { name: 'x' })", 'button', 'user'],
    ["page.waitForEvent('|')", 'popup', 'button'],
    ['pa|', 'page', 'goto'],
    ['  tw|', 'Two-step sign-in', 'goto'],
  ])('%s', (marked, there, absent) => {
    expect(offered(marked)).toContain(there);
    expect(offered(marked)).not.toContain(absent);
  });

  it.each([
    'const pa|',
    '// page.|',
    "'page.|'",
    'unknown.|',
    'const x = x.a;\nx.|',
    'const a = b; const b = a;\na.|',
    "page.getByLabel('|')",
    "page.getByRole('button', { name: '|' })",
    '|',
  ])('offers nothing at %s', (marked) => {
    expect(offered(marked)).toEqual([]);
  });

  it('offers snippets at the start of a line alone', () => {
    expect(offered('|', true)).toEqual(expect.arrayContaining(scriptSnippets.map(({ name }) => name)));
    expect(offered('await |', true)).not.toContain('Login in a frame');
  });
});

describe('what vars has', () => {
  it('is told of all personas, the environment, and three names', () => {
    const profile = newProfile('Shop');
    profile.personas = [
      { name: 'a', values: [{ name: 'user', kind: 'plain', value: 'alice' }] },
      { name: 'b', values: [{ name: 'pin', kind: 'secret', value: '{{shop.pin}}' }] },
    ];
    const found = scriptVars(profile, {
      name: 'Dev',
      variables: { tenant: 'x', user: 'y' },
      secrets: ['key'],
    });
    expect(found.map(({ name }) => name)).toEqual([
      'user',
      'pin',
      'environment',
      'persona',
      'profile',
      'tenant',
      'key',
    ]);
    expect(JSON.stringify(found)).not.toMatch(/alice|shop\.pin/);
  });

  it('has the code of a device where that is the grant', () => {
    const names = (profile: ReturnType<typeof newProfile>) =>
      scriptVars(profile, null).map(({ name }) => name);
    expect(names({ ...newProfile('Shop'), grant: { kind: 'device_code' } })).toContain('user_code');
    expect(names(newProfile('Shop'))).not.toContain('user_code');
  });
});

describe('marks', () => {
  it('warn of names that vars does not have, and say which it has', () => {
    const doc = Text.of([
      "fill(vars.usr, vars.user, vars['odd.name'], vars[name]);",
      '// vars.comment',
      'x.vars.y;',
    ]);
    const found = unknownVars(doc, vars);
    expect(found).toMatchObject([
      { from: 10, to: 13, severity: 'warning', message: 'vars has no “usr”. It has: user, odd.name.' },
    ]);
  });

  it.each([1, 2, 3, 99, 'x'])('put a syntax error on a line that there is: %s', (line) => {
    const doc = Text.of(['first', '', '  last  ']);
    const { from, to } = syntaxProblem({ code: 'script_syntax', message: 'No.', details: { line } }, doc);
    expect(from).toBeGreaterThanOrEqual(0);
    expect(to).toBeLessThanOrEqual(doc.length);
    expect(to).toBeGreaterThanOrEqual(from);
  });
});

describe('snippets', () => {
  it('are scripts of the API', async () => {
    const plain = (template: string) => template.replace(/\$\{([^}]*)\}/g, '$1');
    const scripts = scriptSnippets.map(({ template }, index) => [`snippet-${index}.js`, plain(template)]);
    const complaints = await typeCheck({
      'grantwright.d.ts': scriptTypes(['user', 'password', 'totp_seed']),
      'jsconfig.json': scriptEditorConfig,
      ...Object.fromEntries(scripts),
    });
    expect(complaints).toEqual([]);
    expect(scripts).toHaveLength(6);
  });
});
