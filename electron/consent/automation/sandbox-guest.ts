import type { ExpectParts, GuestApi, GuestHost } from './sandbox-guest-parts.ts';

/**
 * Runs inside QuickJS, before the person's script, and builds all that it has: `page`, `vars`, `step` and the others. It is sent there as text, so
 * it refers to nothing outside itself. What it calls it takes hold of first, so a script that changes a built-in
 * harms only itself; the engine trusts nothing that comes from here in any case.
 */
export function guest(
  host: GuestHost,
  names: Record<string, Record<string, string>>,
  values: Record<string, string>,
  makeExpect: (parts: ExpectParts) => (value: unknown) => object,
): GuestApi {
  const { stringify, parse } = JSON;
  const { keys, freeze, defineProperty, hasOwn } = Object;
  const { isArray } = Array;
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>();
  const failures = new WeakMap<object, number>();
  const heard = new Set<number>();
  const unheardFailures = new Set<number>();
  const places = new WeakMap<object, { kind: string; label: string; chain: unknown[] }>();
  const pendings = new WeakSet<object>();
  const handlers: { page: number; once: boolean; handle(dialog: object): unknown }[] = [];
  const tests: { name: string; work(fixtures: object): unknown }[] = [];
  let calls = 0;
  let part = '';
  let handlerFailed = '';

  const outside = (path: string, instead: string | undefined): TypeError =>
    new TypeError(
      `${path} is not in Grantwright's script API${typeof instead === 'string' ? `: ${instead}` : ''}.`,
    );

  const stackHere = (): string => `${new Error().stack}`;

  function encode(value: unknown, depth: number): unknown {
    if (value instanceof RegExp) return { regexp: { source: value.source, flags: value.flags } };
    if (value === null || value === undefined) return null;
    if (typeof value !== 'object') {
      if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
      throw new TypeError(`A ${typeof value} cannot be handed to the page.`);
    }
    const known = places.get(value);
    if (known?.kind === 'locator') return { locator: known.chain };
    if (known !== undefined) throw new TypeError(`${known.label} cannot be handed to the page.`);
    if (depth > 3) throw new TypeError('An argument is nested too deeply.');
    const entries: [string, unknown][] = [];
    for (const name of keys(value)) {
      const part: unknown = Reflect.get(value, name);
      if (part !== undefined) entries.push([name, encode(part, depth + 1)]);
    }
    return isArray(value) ? entries.map((entry) => entry[1]) : Object.fromEntries(entries);
  }

  /** What an action gives: it can be awaited, and says so when it is used in any other way. */
  function pending(id: number, label: string, promise: Promise<unknown>): object {
    const hear =
      (name: 'then' | 'catch' | 'finally') =>
      (...handlers: never[]): unknown => {
        unheardFailures.delete(id);
        heard.add(id);
        return Reflect.apply(promise[name], promise, handlers);
      };
    const methods = Object.fromEntries(
      (['then', 'catch', 'finally'] as const).map((name) => [name, hear(name)]),
    );
    const proxy = new Proxy(freeze(methods), {
      get(target, name) {
        if (typeof name === 'symbol' || hasOwn(target, name)) return Reflect.get(target, name);
        throw new TypeError(`${label} gives its answer later: write "await ${label}" before using it.`);
      },
    });
    pendings.add(proxy);
    return proxy;
  }
  function act(chain: unknown[], label: string): object {
    const id = calls++;
    const stack = stackHere();
    const promise = new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
    });
    // Without this a failure that nobody awaits would be the sandbox's business twice.
    promise.catch(() => undefined);
    host.call(id, stringify(chain), stack, part);
    return pending(id, label, promise);
  }

  function place(kind: string, label: string, chain: unknown[]): object {
    const methods = names[kind] ?? {};
    const proxy: object = new Proxy(freeze({}), {
      get(_target, name) {
        if (typeof name === 'symbol' || name === 'then' || name === 'toJSON') return undefined;
        const gives = hasOwn(methods, name) ? methods[name] : undefined;
        const path = `${label}.${name}`;
        if (gives === undefined) throw outside(path, names.members?.[name]);
        if (gives === 'keyboard') return place('keyboard', path, [...chain, { method: name, args: [] }]);
        return (...args: unknown[]) => {
          if (gives === 'listener') return listen(chain, path, name === 'once', args);
          const longer = [...chain, { method: name, args: args.map((arg) => encode(arg, 0)) }];
          const words = `${path}(…)`;
          return gives === 'action' || gives === 'popup' ? act(longer, words) : place(gives, words, longer);
        };
      },
    });
    places.set(proxy, { kind, label, chain });
    return proxy;
  }

  const first = (chain: unknown[]): number => Number(Reflect.get(Object(chain[0]), 'args')?.[0] ?? 0);

  /** The handler stays here; the engine is asked to tell of the page's dialogs. */
  function listen(chain: unknown[], path: string, once: boolean, [event, handle]: unknown[]): object {
    if (event === 'popup') throw outside(`${path}('popup')`, "write await page.waitForEvent('popup')");
    if (event !== 'dialog') throw outside(`${path}('${String(event)}')`, "only 'dialog' can be listened to");
    if (typeof handle !== 'function') throw new TypeError(`${path}('dialog', …) needs a function.`);
    handlers.push({
      page: first(chain),
      once,
      handle: (dialog) => Reflect.apply(handle, undefined, [dialog]),
    });
    return act([...chain, { method: once ? 'once' : 'on', args: [event] }], `${path}(…)`);
  }

  interface DialogEvent {
    dialog: number;
    page: number;
    type: string;
    message: string;
    defaultValue: string;
  }

  function dialogOf({ dialog, type, message, defaultValue }: DialogEvent): { dismiss(): object } {
    const answer = (method: string, ...args: unknown[]): object =>
      act(
        [
          { method: '$dialog', args: [dialog] },
          { method, args: args.map((arg) => encode(arg, 0)) },
        ],
        `dialog.${method}(…)`,
      );
    return freeze({
      type: () => type,
      message: () => message,
      defaultValue: () => defaultValue,
      accept: (...text: unknown[]) => answer('accept', ...text),
      dismiss: () => answer('dismiss'),
    });
  }

  async function step(name: unknown, work: unknown): Promise<unknown> {
    if (typeof name !== 'string' || name === '') throw new TypeError('step(name, work) needs a name.');
    if (typeof work !== 'function') throw new TypeError(`step('${name}', work) needs a function.`);
    const outer = part;
    part = `${outer === '' ? '' : `${outer} › `}${name.slice(0, 200)}`.slice(0, 1000);
    try {
      return await Reflect.apply(work, undefined, []);
    } finally {
      part = outer;
    }
  }

  const test = new Proxy(
    (name: unknown, ...rest: unknown[]): void => {
      const work = rest[rest.length - 1];
      if (typeof name !== 'string' || typeof work !== 'function') {
        throw new TypeError("test needs a name and a function: test('…', async ({ page }) => { … }).");
      }
      tests.push({ name, work: (fixtures) => Reflect.apply(work, undefined, [fixtures]) });
    },
    {
      get(target, name) {
        if (name === 'step') return step;
        if (typeof name === 'symbol') return Reflect.get(target, name);
        throw outside(`test.${name}`, names.members?.[name]);
      },
    },
  );

  const vars = new Proxy(freeze({ ...values }), {
    get(target, name) {
      if (typeof name === 'symbol' || name === 'toJSON' || hasOwn(target, name)) {
        return Reflect.get(target, name);
      }
      throw new ReferenceError(`vars has no "${name}". It has: ${keys(target).join(', ') || 'nothing'}.`);
    },
  });

  const shown = (value: unknown): string => {
    if (typeof value === 'string') return value;
    return value instanceof Error ? `${value.name}: ${value.message}` : (stringify(value) ?? `${value}`);
  };
  const log = (...parts: unknown[]): void => host.log(parts.map(shown).join(' '), stackHere());

  for (const extra of [
    'queueMicrotask',
    'performance',
    'navigator',
    'print',
    'gc',
    'Atomics',
    'SharedArrayBuffer',
  ]) {
    Reflect.deleteProperty(globalThis, extra);
  }
  const page = place('page', 'page', []);
  const expect = makeExpect({
    placeOf: (value) => (typeof value === 'object' && value !== null ? places.get(value) : undefined),
    isPending: (value) => typeof value === 'object' && value !== null && pendings.has(value),
    act,
    encode: (value) => encode(value, 0),
    names,
  });
  const totp = (seed: unknown): object => act([{ method: '$totp', args: [encode(seed, 0)] }], 'totp(…)');
  const console = freeze({ log, info: log, warn: log, error: log });
  for (const [name, value] of Object.entries({ page, vars, step, totp, log, console, expect })) {
    defineProperty(globalThis, name, { value, writable: false, configurable: false, enumerable: true });
  }

  /** An answer as the script gets it: a popup comes as its number. */
  function revive(answer: unknown): unknown {
    if (typeof answer !== 'object' || answer === null || !hasOwn(answer, 'popup')) return answer;
    return place('page', 'popup', [{ method: '$page', args: [Reflect.get(answer, 'popup')] }]);
  }

  function describe(thrown: unknown): string {
    try {
      if (typeof thrown !== 'object' || thrown === null) return stringify({ message: `${String(thrown)}` });
      const call = failures.get(thrown);
      if (call !== undefined) return stringify({ call });
      const read = (name: string): string => `${Reflect.get(thrown, name) ?? ''}`.slice(0, 2000);
      return stringify({ name: read('name'), message: read('message'), stack: read('stack') });
    } catch {
      return '{"message":"an error that cannot be read"}';
    }
  }

  return {
    settle(id, ok, text) {
      const waiter = waiting.get(id);
      waiting.delete(id);
      if (ok) {
        waiter?.resolve(revive(parse(text)));
        return;
      }
      const error = new Error(text);
      failures.set(error, id);
      if (!heard.has(id)) unheardFailures.add(id);
      waiter?.reject(error);
    },
    describe,
    unheard() {
      for (const id of unheardFailures) return id;
      return -1;
    },
    listens: () => handlers.length > 0,
    dispatch(text) {
      const event: DialogEvent = parse(text);
      const due = handlers.filter(({ page: number }) => number === event.page);
      for (const handler of due) if (handler.once) handlers.splice(handlers.indexOf(handler), 1);
      const dialog = dialogOf(event);
      if (due.length === 0) void dialog.dismiss();
      for (const { handle } of due) {
        const run = async (): Promise<unknown> => handle(dialog);
        run().catch((thrown) => {
          handlerFailed ||= describe(thrown);
        });
      }
    },
    handlerFailure: () => handlerFailed,
    async whole(script) {
      await script;
      const fixtures = new Proxy(freeze({ page }), {
        get(target, name) {
          if (typeof name === 'symbol' || hasOwn(target, name)) return Reflect.get(target, name);
          throw outside(`The fixture ${name}`, names.globals?.[name]);
        },
      });
      for (const { name, work } of tests) await step(name || 'test', () => work(fixtures));
    },
    given: freeze({ test, expect }),
  };
}
