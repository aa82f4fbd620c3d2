/** What the sandbox's worker gives to the guest. Both run synchronously and take plain text only. */
export interface GuestHost {
  /** Hands a recorded chain of calls over, as JSON; `id` is answered later through `settle`. */
  /** `step`: names of the script's own steps that it was made in; empty: none. */
  call(id: number, chain: string, stack: string, step: string): void;
  log(text: string, stack: string): void;
}

/** What the guest gives back to the worker: functions that stay inside the sandbox. */
export interface GuestApi {
  settle(id: number, ok: boolean, text: string): void;
  /** JSON that says which call an error comes from, or its name, message and stack. Survives a hostile error. */
  describe(thrown: unknown): string;
  /** The id of a call that failed and that the script never awaited; -1: none. */
  unheard(): number;
  /** Whether the script has a handler for dialogs that may come. */
  listens(): boolean;
  /** Takes an event of the page, as JSON. */
  dispatch(event: string): void;
  /** What a handler of an event threw, as `describe` tells it; empty: nothing. */
  handlerFailure(): string;
  /** Settles when the script and then the tests that it declared are through. */
  whole(script: Promise<unknown>): Promise<void>;
  /** What can be imported from `@playwright/test`. */
  given: object;
}

/** What the guest's `expect` is made with. */
export interface ExpectParts {
  /** Kind and chain of a place of the page; undefined: it is a value. */
  placeOf(value: unknown): { kind: string; label: string; chain: unknown[] } | undefined;
  isPending(value: unknown): boolean;
  act(chain: unknown[], label: string): object;
  encode(value: unknown): unknown;
  names: Record<string, Record<string, string>>;
}
