import { expect, test } from 'vitest';
import { checkScript } from '../../../../electron/consent/automation/check-script.ts';

test('finds nothing wrong with a script that can be read, and runs nothing of it', async () => {
  expect(await checkScript('await page.getByLabel("x").fill(vars.user); for (;;) {}', 'a.js')).toBeNull();
  expect(await checkScript('', 'a.js')).toBeNull();
});

test.each([
  ['const a = ;', 1],
  ['log(1)\n\nawait page.fill(', 3],
  ['function f() {\n  await page.title()\n}', 2],
  ['return 1', 1],
  ['log("open', 1],
  ['log(1)\nlet a; let a;', 2],
])('names the line of a syntax error: %j', async (source, line) => {
  const error = await checkScript(source, 'orders.js');
  expect(error?.code).toBe('script_syntax');
  expect(error?.details).toEqual({ file: 'orders.js', line });
});

test('finds a regular expression that is none', async () => {
  expect((await checkScript('/(/.test("x")', 'a.js'))?.code).toBe('script_syntax');
});

test('refuses imports, and survives text that is no script at all', async () => {
  expect((await checkScript('import fs from "fs"', 'a.js'))?.message).toContain(`import of 'fs' is not in`);
  for (const source of ['\0\0', '('.repeat(100_000), `${'a+'.repeat(50_000)}a`, '\ud800', '<html>']) {
    const error = await checkScript(source, 'a.js');
    expect([undefined, 'script_syntax', 'script_limit']).toContain(error?.code);
  }
});
