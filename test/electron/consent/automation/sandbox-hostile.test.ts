import { describe, expect, test } from 'vitest';
import { run } from './sandbox-run.ts';

describe('hostile code', () => {
  test.each([
    ['a constructor chain', `log(typeof page.click.constructor('return this')().process)`],
    ['the function constructor', `log(typeof Function('return globalThis.process')())`],
    [
      'an async constructor',
      `log(typeof (await (async () => {}).constructor('return globalThis.process')()))`,
    ],
    ['indirect eval', `log(typeof (0, eval)('globalThis.process'))`],
    [
      'a thrown error of the host',
      `try { page.nope } catch (e) { log(typeof e.constructor.constructor('return process')) }`,
    ],
    [
      'call sites',
      `Error.prepareStackTrace = (e, sites) => sites; log(typeof new Error().stack?.[0]?.getThis?.())`,
    ],
    [
      'a polluted prototype',
      `log('undefined'); Object.prototype.method = 'evaluate'; Object.prototype.toJSON = () => 'x';
      Array.prototype.map = () => [{ method: 'evaluate', args: [] }]; await page.title()`,
    ],
    [
      'a replaced JSON',
      `JSON.stringify = () => '[{"method":"evaluate","args":[]}]'; JSON.parse = () => { throw 1 };
      log('undefined'); await page.title()`,
    ],
    [
      'a replaced promise',
      `Promise.prototype.then = function () { return this }; Promise = null; log('undefined')`,
    ],
    [
      'a proxy as an argument',
      `log('undefined'); try { await page.fill(new Proxy({}, { ownKeys() { throw 1 } }), 'x') } catch {}`,
    ],
    [
      'a getter on options',
      `log('undefined'); await page.getByRole('a', { get name() { return 'x' } }).click()`,
    ],
    ['a cycle', `const o = {}; o.o = o; log('undefined'); try { page.getByRole('a', o) } catch {}`],
    [
      'toJSON and toString tricks',
      `const t = { toJSON: () => ({ method: 'evaluate' }), toString: () => { throw 1 } };
      log('undefined'); try { await page.getByText(t).click() } catch {}`,
    ],
    [
      'a subclass of RegExp',
      `class R extends RegExp { get source() { return 'x' } get flags() { return 'g' } }
      log('undefined'); await page.getByText(new R('a')).click()`,
    ],
    [
      '__proto__ as an option',
      `log('undefined'); await page.getByRole('a', JSON.parse('{"__proto__": {"exact": true}}')).click()`,
    ],
  ])('stays inside: %s', async (_name, source) => {
    const before = JSON.stringify([Object.keys(Object.prototype), `${Array.prototype.map}`]);
    const { failure, log, calls } = await run(source);
    expect(log[0] ?? 'function').toMatch(/^(undefined|function)$/);
    // A script can record what it likes: what is not on the list is refused when the chain is checked again.
    expect(calls.every((chain) => typeof JSON.parse(chain) === 'object' || failure !== null)).toBe(true);
    expect(JSON.stringify([Object.keys(Object.prototype), `${Array.prototype.map}`])).toBe(before);
  });

  test.each([
    `import('fs')`,
    `await import('node:fs')`,
    `import fs from 'fs'`,
    `export * from 'https://x/y.js'`,
  ])('cannot load a module: %s', async (source) => {
    const { failure } = await run(
      `const got = ${source.startsWith('import(') ? `await ${source}` : '1'};\n${source}`,
    );
    expect(failure?.message).toContain('could not load module');
  });

  test('can throw anything', async () => {
    for (const thrown of [
      'null',
      'undefined',
      '1n',
      'Symbol()',
      '() => 1',
      'new Proxy({}, { get() { throw 1 } })',
    ]) {
      expect((await run(`throw ${thrown}`)).failure).not.toBeNull();
    }
  });
});
