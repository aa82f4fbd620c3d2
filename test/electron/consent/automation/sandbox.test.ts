import { describe, expect, test } from 'vitest';
import { lineIn } from '../../../../electron/consent/automation/sandbox.ts';
import { run } from './sandbox-run.ts';

const readIt = 'read with innerText, inputValue or getAttribute, or use a page script';

const chainOf = (...steps: [string, ...unknown[]][]) =>
  JSON.stringify(steps.map(([method, ...args]) => ({ method, args })));

describe('a script', () => {
  test('records its calls as chains, in order, with regular expressions and options', async () => {
    const { failure, calls } = await run(`
      await page.getByLabel('User').fill(vars.user);
      await page.frameLocator('iframe').getByRole('button', { name: /sign in/i, exact: undefined }).first().click();
      await page.keyboard.press('Enter');
      await page.fill('#a', 'b');`);
    expect(failure).toBeNull();
    expect(calls).toEqual([
      chainOf(['getByLabel', 'User'], ['fill', 'alice']),
      chainOf(
        ['frameLocator', 'iframe'],
        ['getByRole', 'button', { name: { regexp: { source: 'sign in', flags: 'i' } } }],
        ['first'],
        ['click'],
      ),
      chainOf(['keyboard'], ['press', 'Enter']),
      chainOf(['fill', '#a', 'b']),
    ]);
  });

  test('gets the answers, and can use them in any way that awaits', async () => {
    const { failure, log } = await run(`
      log(await page.title(), await Promise.all([page.url(), page.title()]));
      page.title().then((title) => log('then', title));
      const { length } = 'abc'; log(length, { a: [1] }, null, undefined, new Error('e'));`);
    expect(failure).toBeNull();
    expect(log).toEqual(['true [true,true]', '3 {"a":[1]} null undefined Error: e', 'then true']);
  });

  test('may hold places in variables and wait for none of them', async () => {
    const { failure, calls } = await run(`
      const button = await page.getByRole('button');
      const form = page.locator('form');
      await form.getByText('x').click(); await button.click();`);
    expect(failure).toBeNull();
    expect(calls).toHaveLength(2);
  });

  test('that does not await its calls still makes all of them before it is over', async () => {
    const { failure, calls } = await run(`page.click('a'); page.click('b'); (async () => {
      await page.click('c'); page.click('d'); })();`);
    expect(failure).toBeNull();
    expect(calls).toEqual(['a', 'b', 'c', 'd'].map((selector) => chainOf(['click', selector])));
  });

  const failing = {
    onCall: async ({ chain }: { chain: string }) => ({ ok: !chain.includes('bad'), text: '"no"' }),
  };
  test.each([
    ['awaited', `await page.click('bad');`, 0],
    ['not awaited', `page.click('bad'); await page.click('good');`, 0],
    ['in a function that is not awaited', `(async () => { await page.click('bad'); })();`, 0],
    ['thrown on', `try { await page.click('bad') } catch (error) { throw error }`, 0],
    ['after others', `await page.click('x'); await page.click('bad');`, 1],
  ])('fails with the call that failed: %s', async (_name, source, call) => {
    expect((await run(source, failing)).failure).toMatchObject({ call });
  });

  test('goes on when it catches the failure of a call', async () => {
    const { failure, log } = await run(
      `try { await page.click('bad') } catch (error) { log(error.message) }
       await page.click('bad').catch(() => log('again'));`,
      failing,
    );
    expect(failure).toBeNull();
    expect(log).toEqual(['"no"', 'again']);
  });

  test.each([
    ['page.evaluate(1)', `page.evaluate is not in Grantwright's script API: ${readIt}.`],
    [
      `page.getByLabel('x').evaluate(1)`,
      `page.getByLabel(…).evaluate is not in Grantwright's script API: ${readIt}.`,
    ],
    ['page.constructor', `page.constructor is not in Grantwright's script API.`],
    ['vars.pass', 'vars has no "pass". It has: user, password.'],
    [
      'page.url().includes("x")',
      'page.url(…) gives its answer later: write "await page.url(…)" before using it.',
    ],
    ['page.click(() => 1)', 'A function cannot be handed to the page.'],
  ])('is told what is wrong with %s, and where', async (source, message) => {
    const { failure } = await run(`// a comment\n\n  ${source}`);
    expect(failure).toMatchObject({ message });
    expect(lineIn(failure?.stack)).toBe(3);
  });

  test('has nothing but its API and ECMAScript', async () => {
    const { log } =
      await run(`log(['require', 'process', 'fetch', 'setTimeout', 'given', 'WebAssembly', 'module',
      'queueMicrotask', 'performance', 'Atomics', 'SharedArrayBuffer', 'Worker', 'Buffer', 'std', 'os', 'scriptArgs']
      .filter((name) => name in globalThis).join(), Object.keys(globalThis).join());`);
    expect(log).toEqual([' page,vars,step,totp,log,console,expect']);
  });

  test('leaves its globals and vars as they are', async () => {
    const { failure, log } = await run(`
      for (const change of [() => { page = 1 }, () => { vars.user = 'x' }, () => { vars = 1 },
        () => { delete globalThis.page }, () => Object.defineProperty(globalThis, 'log', { value: 1 })]) {
        try { change(); log('changed') } catch { log('kept') } }
      log(vars.user);`);
    expect(failure).toBeNull();
    expect(log).toEqual(['kept', 'kept', 'kept', 'kept', 'kept', 'alice']);
  });

  test('that is aborted ends at once with the reason', async () => {
    const cancel = new AbortController();
    const onCall = async () => {
      cancel.abort(new Error('enough'));
      return new Promise<never>(() => undefined);
    };
    await expect(run('await page.title()', { onCall, signal: cancel.signal })).rejects.toThrow('enough');
    await expect(run('1', { signal: cancel.signal })).rejects.toThrow('enough');
  });
});

describe('a limit ends', () => {
  test.each([
    ['a loop without end', 'while (true) {}', 'compute'],
    ['one that catches everything', 'for (;;) try { for (;;); } catch {} finally {}', 'compute'],
    ['a loop after an await', 'await page.title();\nfor (;;) {}', 'compute'],
    [
      'promises without end',
      'const p = () => { Promise.resolve().then(p) }; p(); await page.title()',
      'compute',
    ],
    ['a hopeless regular expression', 'new RegExp("(a+)+$").test("a".repeat(99) + "b")', 'compute'],
    ['a built-in that never asks', 'new Array(4294967295).includes(1)', 'compute'],
    [
      'one after an answer that came at once',
      'await page.title(); new Array(4294967295).includes(1)',
      'compute',
    ],
    ['an argument that computes', 'await page.click({ get timeout() { for (;;); } })', 'compute'],
    ['a getter that computes', 'throw { get message() { for (;;); } }', 'compute'],
    ['calls without end', 'for (;;) page.title()', 'calls'],
    ['calls without end, awaited', 'for (;;) await page.title()', 'calls'],
    ['a log without end', 'for (;;) log(1)', 'log'],
    ['too long an argument', 'page.fill("a", "x".repeat(2_000_000))', 'arguments'],
    ['waiting for nothing', 'await new Promise(() => {})', 'waiting'],
    ['waiting for a thenable that never answers', 'await { then() {} }', 'waiting'],
  ])('%s', async (_name, source, limit) => {
    const { failure, calls } = await run(source, {
      limits: { computeMs: limit === 'compute' ? 300 : 10_000 },
    });
    expect(failure?.limit).toBe(limit);
    expect(calls.length).toBeLessThanOrEqual(500);
  });

  test.each([
    ['deep recursion', 'const f = () => f(); f()'],
    ['deep nesting', 'JSON.parse("[".repeat(1e6))'],
    ['a huge string', '"x".repeat(2 ** 29)'],
    ['a huge array', 'const all = []; for (;;) all.push(new Uint8Array(1e6))'],
    ['deep recursion through a proxy', 'const p = new Proxy({}, { get: (t, n, r) => r[n] }); p.x'],
  ])('%s', async (_name, source) => {
    const { failure } = await run(source);
    expect(`${failure?.name}: ${failure?.message}`).toMatch(/out of memory|call stack|string|Array/i);
  });
});

test.each([
  [40, undefined],
  [64, 'InternalError'],
])('a script that holds %i MiB: %s', async (size, name) => {
  const { failure } = await run(`const all = [];
    for (let count = 0; count < ${size}; count += 1) all.push(new Uint8Array(2 ** 20));`);
  expect(failure?.name).toBe(name);
});

test('two hundred scripts leave nothing behind', async () => {
  await run('await page.title()');
  const before = process.memoryUsage().rss;
  for (let round = 0; round < 20; round += 1) {
    await Promise.all(
      Array.from({ length: 10 }, () => run(`await page.title(); const a = 'x'.repeat(1e6); log(a)`)),
    );
  }
  expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 * 1024);
  expect(
    process.getActiveResourcesInfo().filter((name) => /Worker|MessagePort/.test(name)).length,
  ).toBeLessThan(5);
}, 60_000);
