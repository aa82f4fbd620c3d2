import type { Locator, Page } from 'playwright-core';
import { z } from 'zod';
import { addressMatcher, matchesInTime } from './address-match.ts';
import * as given from './arguments.ts';

/** An expectation that did not come true in time; its message follows "failed: ". */
export class UnmetExpectation extends Error {}

/** What is said of a thing that was never found. */
export function absentWords(limitMs: number): string {
  return `nothing like it appeared within ${limitMs / 1000} s`;
}

/** What is said of a thing that was found, whatever kept an action on it from going on. */
export function notReadyWords(limitMs: number): string {
  return `it was found, but was not ready within ${limitMs / 1000} s: hidden, disabled or covered`;
}

/** What was seen at one look: whether it is as wanted (null: there is nothing to say it of), and in words what was there. */
interface Look {
  holds: boolean | null;
  was: string;
}

interface Matcher<Target> {
  /** What it wants, in words, after "it should" or "it should not". */
  wants(expected: unknown): string;
  takes: z.ZodType;
  look(target: Target, expected: never): Promise<Look>;
}

const defaultTimeoutMs = 5000;
const quote = (text: string): string => JSON.stringify(text);
const nothing = z.undefined().or(z.null());
const inWords = (wanted: unknown): string => (wanted instanceof RegExp ? `${wanted}` : quote(String(wanted)));
const plain = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Reads from the one thing that a locator names; without it nothing holds. */
async function readOne<T>(at: Locator, read: (one: Locator) => Promise<T>): Promise<T | null> {
  const count = await at.count();
  if (count === 0) return null;
  if (count > 1) {
    throw new UnmetExpectation(`${count} things on the page match it; name the one you mean`);
  }
  return read(at);
}

const absent: Look = { holds: null, was: 'it was not there' };

function state(words: string, read: (one: Locator) => Promise<boolean>): Matcher<Locator> {
  return {
    wants: () => `be ${words}`,
    takes: nothing,
    async look(at) {
      const holds = await readOne(at, read);
      return holds === null ? absent : { holds, was: `it was ${holds ? '' : 'not '}${words}` };
    },
  };
}

const brief = { timeout: 1000 };
type Wanted = string | RegExp;

function text(words: string, matches: (found: string, wanted: string) => boolean): Matcher<Locator> {
  return {
    wants: (expected) => `${words} ${inWords(expected)}`,
    takes: given.textMatch,
    async look(at, expected: Wanted) {
      const read = await readOne(at, (one) => one.textContent(brief));
      if (read === null) return absent;
      const found = plain(read);
      const holds =
        expected instanceof RegExp ? matchesInTime(expected, found) : matches(found, plain(expected));
      return { holds, was: `its text was ${quote(found)}` };
    },
  };
}

const locatorMatchers: Record<string, Matcher<Locator>> = {
  toBeVisible: {
    ...state('visible', (one) => one.isVisible()),
    async look(at) {
      const visible = await readOne(at, (one) => one.isVisible());
      if (visible === null) return { ...absent, holds: false };
      return { holds: visible, was: `it was ${visible ? '' : 'not '}visible` };
    },
  },
  toBeHidden: {
    wants: () => 'be hidden',
    takes: nothing,
    async look(at) {
      const visible = await readOne(at, (one) => one.isVisible());
      return { holds: visible !== true, was: visible === true ? 'it was visible' : 'it was hidden' };
    },
  },
  toBeEnabled: state('enabled', (one) => one.isEnabled(brief)),
  toBeDisabled: state('disabled', (one) => one.isDisabled(brief)),
  toBeChecked: state('checked', (one) => one.isChecked(brief)),
  toHaveText: text('have the text', (found, wanted) => found === wanted),
  toContainText: text('contain the text', (found, wanted) => found.includes(wanted)),
  toHaveValue: {
    wants: (expected) => `hold ${inWords(expected)}`,
    takes: given.textMatch,
    async look(at, expected: Wanted) {
      const found = await readOne(at, (one) => one.inputValue(brief));
      if (found === null) return absent;
      const holds = expected instanceof RegExp ? matchesInTime(expected, found) : found === expected;
      // What an input holds may be a secret that nobody here knows of.
      return { holds, was: holds ? 'it did' : found === '' ? 'it was empty' : 'it held something else' };
    },
  },
  toHaveCount: {
    wants: (expected) => `be there ${expected} times`,
    takes: z.number().int().min(0).max(100_000),
    async look(at, expected: number) {
      const count = await at.count();
      return { holds: count === expected, was: `it was there ${count} times` };
    },
  },
};

const pageMatchers: Record<string, Matcher<Page>> = {
  toHaveURL: {
    wants: (expected) => `be at ${inWords(expected)}`,
    takes: given.textMatch,
    async look(page, expected: Wanted) {
      const address = page.url();
      const holds = URL.canParse(address) && addressMatcher(expected)(new URL(address));
      // The rest of an address may carry codes and tokens.
      return { holds, was: `it was at ${address.replace(/[?#].*$/s, '')}` };
    },
  },
  toHaveTitle: {
    wants: (expected) => `have the title ${inWords(expected)}`,
    takes: given.textMatch,
    async look(page, expected: Wanted) {
      const title = plain(await page.title());
      const holds = expected instanceof RegExp ? matchesInTime(expected, title) : title === plain(expected);
      return { holds, was: `its title was ${quote(title)}` };
    },
  },
};

/** The matchers of `expect`, by what is expected of; the sandbox offers them, the engine looks for each anew. */
export const matchers = { locator: locatorMatchers, page: pageMatchers } as const;

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

async function poll(
  page: Page,
  look: () => Promise<Look>,
  not: boolean,
  wants: string,
  timeoutMs: number,
): Promise<void> {
  const endsAtMs = performance.now() + timeoutMs;
  for (;;) {
    let seen: Look;
    try {
      seen = await look();
    } catch (thrown) {
      // A page that is just being replaced, or a thing that has gone between two readings, is looked at again.
      if (page.isClosed() || performance.now() >= endsAtMs) throw thrown;
      seen = { holds: null, was: 'it could not be read' };
    }
    if (seen.holds !== null && seen.holds !== not) return;
    if (performance.now() >= endsAtMs) {
      const should = not ? 'should not' : 'should';
      throw new UnmetExpectation(`after ${timeoutMs / 1000} s it ${should} ${wants}, and ${seen.was}`);
    }
    await pause(100);
  }
}

const raw = z.tuple([z.string().max(40), z.boolean(), z.unknown().optional(), z.unknown().optional()]);

/** Prepares `expect(…)`: what is recorded is the matcher, whether it is turned round, what is expected, and the options. */
export function expectation<Target>(
  table: Record<string, Matcher<Target>>,
  pageOf: (target: Target) => Page,
  args: unknown[],
): (target: Target) => Promise<void> {
  const [name, not, ...rest] = raw.parse(args);
  const matcher = Object.hasOwn(table, name) ? table[name] : undefined;
  if (matcher === undefined) return z.never('a matcher of expect').parse(name);
  const isState = matcher.takes === nothing;
  const expected = matcher.takes.parse(isState ? null : rest[0]);
  const options = given.timing.parse((isState ? rest[0] : rest[1]) ?? undefined);
  const timeoutMs = options?.timeout ?? defaultTimeoutMs;
  return (target) => {
    const look = () => matcher.look(target, expected as never);
    return poll(pageOf(target), look, not, matcher.wants(expected), timeoutMs);
  };
}
