/** What the sandbox's worker gives to the guest. Both run synchronously and take plain text only. */
export interface GuestHost {
  /** Hands a recorded chain of calls over, as JSON; `id` is answered later through `settle`. */
  call(id: number, chain: string, stack: string): void;
  log(text: string, stack: string): void;
}

/** What the guest gives back to the worker: functions that stay inside the sandbox. */
export interface GuestApi {
  settle(id: number, ok: boolean, text: string): void;
  /** JSON that says which call an error comes from, or its name, message and stack. Survives a hostile error. */
  describe(thrown: unknown): string;
  /** The id of a call that failed and that the script never awaited; -1: none. */
  unheard(): number;
}

/**
 * Runs inside QuickJS, before the person's script, and builds `page`, `vars` and `log`. It is sent there as text, so
 * it refers to nothing outside itself. What it calls it takes hold of first, so a script that changes a built-in
 * harms only itself; the engine trusts nothing that comes from here in any case.
 */
export function guest(
  host: GuestHost,
  names: Record<string, Record<string, string>>,
  values: Record<string, string>,
): GuestApi {
  const { stringify, parse } = JSON;
  const { keys, freeze, defineProperty, hasOwn } = Object;
  const { isArray } = Array;
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>();
  const failures = new WeakMap<object, number>();
  const heard = new Set<number>();
  const unheardFailures = new Set<number>();
  let calls = 0;

  const stackHere = (): string => `${new Error().stack}`;

  function encode(value: unknown, depth: number): unknown {
    if (value instanceof RegExp) return { regexp: { source: value.source, flags: value.flags } };
    if (value === null || value === undefined) return null;
    if (typeof value !== 'object') {
      if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
      throw new TypeError(`A ${typeof value} cannot be handed to the page.`);
    }
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
    return new Proxy(freeze(methods), {
      get(target, name) {
        if (typeof name === 'symbol' || hasOwn(target, name)) return Reflect.get(target, name);
        throw new TypeError(`${label} gives its answer later: write "await ${label}" before using it.`);
      },
    });
  }
  function act(chain: unknown[], label: string): object {
    const id = calls++;
    const stack = stackHere();
    const promise = new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
    });
    // Without this a failure that nobody awaits would be the sandbox's business twice.
    promise.catch(() => undefined);
    host.call(id, stringify(chain), stack);
    return pending(id, label, promise);
  }

  function place(kind: string, label: string, chain: unknown[]): object {
    const methods = names[kind] ?? {};
    return new Proxy(freeze({}), {
      get(_target, name) {
        if (typeof name === 'symbol' || name === 'then' || name === 'toJSON') return undefined;
        const gives = hasOwn(methods, name) ? methods[name] : undefined;
        const path = `${label}.${name}`;
        if (gives === undefined) throw new TypeError(`${path} is not in Grantwright's script API.`);
        if (gives === 'keyboard') return place('keyboard', path, [...chain, { method: name, args: [] }]);
        return (...args: unknown[]) => {
          const longer = [...chain, { method: name, args: args.map((arg) => encode(arg, 0)) }];
          if (gives === 'action') return act(longer, `${path}(…)`);
          return place(gives, `${path}(…)`, longer);
        };
      },
    });
  }

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
  for (const [name, value] of Object.entries({ page: place('page', 'page', []), vars, log })) {
    defineProperty(globalThis, name, { value, writable: false, configurable: false, enumerable: true });
  }

  return {
    settle(id, ok, text) {
      const waiter = waiting.get(id);
      waiting.delete(id);
      if (ok) {
        waiter?.resolve(parse(text));
        return;
      }
      const error = new Error(text);
      failures.set(error, id);
      if (!heard.has(id)) unheardFailures.add(id);
      waiter?.reject(error);
    },
    describe(thrown) {
      try {
        if (typeof thrown !== 'object' || thrown === null) return stringify({ message: `${String(thrown)}` });
        const call = failures.get(thrown);
        if (call !== undefined) return stringify({ call });
        const read = (name: string): string => `${Reflect.get(thrown, name) ?? ''}`.slice(0, 2000);
        return stringify({ name: read('name'), message: read('message'), stack: read('stack') });
      } catch {
        return '{"message":"an error that cannot be read"}';
      }
    },
    unheard() {
      for (const id of unheardFailures) return id;
      return -1;
    },
  };
}
