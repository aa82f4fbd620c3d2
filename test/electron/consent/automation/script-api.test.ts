import { describe, expect, it } from 'vitest';
import { allowedNames, allowList } from '../../../../electron/consent/automation/allow-list.ts';
import { matchers } from '../../../../electron/consent/automation/expectations.ts';
import { runInSandbox } from '../../../../electron/consent/automation/sandbox.ts';
import type { ScriptObject } from '../../../../shared/script-api/entry.ts';
import { namesOn } from '../../../../shared/script-api/script-api.ts';

/** What the engine answers of each object; names that begin with a dollar sign are the sandbox's own. */
const allowed: [ScriptObject, string[]][] = [
  ['Page', Object.keys(allowList.page)],
  ['Locator', Object.keys(allowList.locator)],
  ['FrameLocator', Object.keys(allowList.frame)],
  ['Keyboard', Object.keys(allowList.keyboard)],
  ['Dialog', [...Object.keys(allowList.dialog), 'type', 'message', 'defaultValue']],
  ['LocatorExpect', [...Object.keys(matchers.locator), 'not']],
  ['PageExpect', [...Object.keys(matchers.page), 'not']],
];

const documented = (object: ScriptObject): string[] => namesOn(object).map(({ name }) => name);

/** What a script that only logs has logged. */
async function logged(source: string): Promise<string[]> {
  const lines: string[] = [];
  const failure = await runInSandbox({
    source,
    mode: 'run',
    names: allowedNames(),
    values: {},
    onCall: async () => ({ ok: true, text: 'true' }),
    onLog: (text) => lines.push(text),
    signal: AbortSignal.timeout(14_000),
  });
  expect(failure).toBeNull();
  return lines;
}

describe('the documented script API', () => {
  it.each(allowed)('has of %s exactly what the engine allows', (object, names) => {
    const open = names.filter((name) => !name.startsWith('$'));
    expect(documented(object).sort()).toEqual(open.sort());
  });

  it('has exactly the globals and the checks of values that the sandbox gives', async () => {
    const lines = await logged(`
      log(Object.keys(globalThis).sort().join(' '));
      for (const name of ${JSON.stringify(documented('ValueExpect'))}) log(name, typeof expect(1)[name]);
      for (const name of ['toBeNull', 'toBeDefined', 'toHaveLength', 'toBeGreaterThan', 'toThrow']) {
        try { expect(1)[name]; log(name, 'is there'); } catch (error) { log('none'); }
      }`);
    expect(lines[0]).toBe(documented('Global').sort().join(' '));
    const checks = documented('ValueExpect').map(
      (name) => `${name} ${name === 'not' ? 'object' : 'function'}`,
    );
    expect(lines.slice(1)).toEqual([...checks, 'none', 'none', 'none', 'none', 'none']);
  });
});
