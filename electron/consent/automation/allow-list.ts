import type { FrameLocator, Keyboard, Locator, Page } from 'playwright-core';
import { z } from 'zod';
import { addressMatcher } from './address-match.ts';
import * as given from './arguments.ts';

/** Where a recorded chain of calls stands on the real page, or the action that it ends in. */
export type Place =
  | { kind: 'page'; target: Page }
  | { kind: 'locator'; target: Locator }
  | { kind: 'frame'; target: FrameLocator }
  | { kind: 'keyboard'; target: Keyboard }
  | { kind: 'action'; run: () => Promise<unknown> };

/** One method that a script may call. `enter` checks the arguments (throws a ZodError) before it touches anything. */
export interface Method<Target> {
  /** `keyboard` is a property, the others are called; `action` can be awaited, `locator` and `frame` go on. */
  gives: 'locator' | 'frame' | 'keyboard' | 'action';
  /** How many of its arguments a message may show: what is typed in is never shown. */
  shows: number;
  enter(target: Target, args: unknown[]): Place;
}

const all = 100;

type Methods<Target> = Record<string, Method<Target>>;

function locates<Args, Target>(
  args: z.ZodType<Args>,
  go: (target: Target, args: Args) => Locator,
): Method<Target> {
  const enter = (target: Target, raw: unknown[]): Place => ({
    kind: 'locator',
    target: go(target, args.parse(raw)),
  });
  return { gives: 'locator', shows: all, enter };
}

function acts<Args, Target>(
  args: z.ZodType<Args>,
  act: (target: Target, args: Args) => Promise<unknown>,
  shows = all,
): Method<Target> {
  const enter = (target: Target, raw: unknown[]): Place => {
    const parsed = args.parse(raw);
    return { kind: 'action', run: () => act(target, parsed) };
  };
  return { gives: 'action', shows, enter };
}

const none = z.tuple([]);
const text = z.tuple([given.textMatch, given.exactness]);
const timed = z.tuple([given.timing]);
const forced = z.tuple([given.pressing]);

const frameMethod: Method<Page | Locator | FrameLocator> = {
  gives: 'frame',
  shows: all,
  enter: (target, raw) => ({
    kind: 'frame',
    target: target.frameLocator(z.tuple([given.selector]).parse(raw)[0]),
  }),
};

/** How things are found, the same on a page, in a frame and inside another thing. */
const finders: Methods<Page | Locator | FrameLocator> = {
  getByRole: locates(z.tuple([given.role, given.roleOptions]), (at, [role, options]) =>
    at.getByRole(role, options),
  ),
  getByLabel: locates(text, (at, args) => at.getByLabel(...args)),
  getByText: locates(text, (at, args) => at.getByText(...args)),
  getByPlaceholder: locates(text, (at, args) => at.getByPlaceholder(...args)),
  getByAltText: locates(text, (at, args) => at.getByAltText(...args)),
  getByTitle: locates(text, (at, args) => at.getByTitle(...args)),
  getByTestId: locates(z.tuple([given.textMatch]), (at, [id]) => at.getByTestId(id)),
  locator: locates(z.tuple([given.selector, given.having.optional()]), (at, args) => at.locator(...args)),
  frameLocator: frameMethod,
};

const forcedActions = ['clear', 'click', 'dblclick', 'hover', 'check', 'uncheck'] as const;
const readings = ['textContent', 'innerText', 'inputValue', 'isEnabled', 'isDisabled', 'isChecked'] as const;
const timedActions = ['focus', ...readings] as const;

/** What is done with one thing; the page has each of them too, with a selector in front. */
const actions: Methods<Locator> = {
  ...Object.fromEntries(
    forcedActions.map((name) => [name, acts(forced, (at: Locator, args) => at[name](...args))]),
  ),
  ...Object.fromEntries(
    timedActions.map((name) => [name, acts(timed, (at: Locator, args) => at[name](...args))]),
  ),
  fill: acts(z.tuple([given.value, given.pressing]), (at, args) => at.fill(...args), 0),
  setChecked: acts(z.tuple([z.boolean(), given.pressing]), (at, args) => at.setChecked(...args)),
  selectOption: acts(z.tuple([given.choices, given.pressing]), (at, args) => at.selectOption(...args), 0),
  press: acts(z.tuple([given.key, given.typing]), (at, args) => at.press(...args)),
  getAttribute: acts(z.tuple([z.string().min(1).max(200), given.timing]), (at, args) =>
    at.getAttribute(...args),
  ),
  isVisible: acts(none, (at) => at.isVisible()),
  isHidden: acts(none, (at) => at.isHidden()),
};

const position = z.number().int().min(-1000).max(1000);
const locatorMethods: Methods<Locator> = {
  ...finders,
  ...actions,
  first: locates(none, (at) => at.first()),
  last: locates(none, (at) => at.last()),
  nth: locates(z.tuple([position]), (at, [index]) => at.nth(index)),
  filter: locates(z.tuple([given.having]), (at, args) => at.filter(...args)),
  pressSequentially: acts(
    z.tuple([given.value, given.typing]),
    (at, args) => at.pressSequentially(...args),
    0,
  ),
  waitFor: acts(z.tuple([given.waiting]), (at, args) => at.waitFor(...args)),
  count: acts(none, (at) => at.count()),
  allTextContents: acts(none, (at) => at.allTextContents()),
};

const frameMethods: Methods<FrameLocator> = finders;

const keyboardMethods: Methods<Keyboard> = {
  press: acts(z.tuple([given.key]), (at, [key]) => at.press(key)),
  type: acts(z.tuple([given.value]), (at, [value]) => at.type(value), 0),
};

/** `page.fill('#user', …)`: the first thing that the selector finds, as in Playwright. */
function withSelector(action: Method<Locator>): Method<Page> {
  const enter = (page: Page, [first, ...rest]: unknown[]): Place =>
    action.enter(page.locator(z.tuple([given.selector]).parse([first])[0]).first(), rest);
  return { ...action, shows: action.shows + 1, enter };
}

const pageMethods: Methods<Page> = {
  ...finders,
  ...Object.fromEntries(Object.entries(actions).map(([name, action]) => [name, withSelector(action)])),
  keyboard: {
    gives: 'keyboard',
    shows: all,
    enter: (page) => ({ kind: 'keyboard', target: page.keyboard }),
  },
  goto: acts(z.tuple([given.webAddress, given.navigating]), async (at, args) => {
    await at.goto(...args);
  }),
  reload: acts(z.tuple([given.navigating]), async (at, args) => {
    await at.reload(...args);
  }),
  url: acts(none, async (at) => at.url()),
  title: acts(none, (at) => at.title()),
  waitForURL: acts(z.tuple([given.textMatch, given.navigating]), (at, [wanted, options]) =>
    at.waitForURL(addressMatcher(wanted), options),
  ),
  waitForLoadState: acts(z.tuple([given.loading, given.timing]), (at, args) => at.waitForLoadState(...args)),
  waitForSelector: acts(z.tuple([given.selector, given.waiting]), (at, [selector, options]) =>
    at.locator(selector).first().waitFor(options),
  ),
  waitForTimeout: acts(z.tuple([z.number().min(0).max(10_000)]), (at, [ms]) => at.waitForTimeout(ms)),
};

/** Everything that an automation script can do to a page: the sandbox offers it, and the engine replays nothing else. */
export const allowList = {
  page: pageMethods,
  locator: locatorMethods,
  frame: frameMethods,
  keyboard: keyboardMethods,
} as const;

/** The same table as the sandbox needs it: only what each method gives, so that it can build its objects. */
export function allowedNames(): Record<string, Record<string, string>> {
  return Object.fromEntries(
    Object.entries(allowList).map(([kind, methods]) => [
      kind,
      Object.fromEntries(Object.entries(methods).map(([name, { gives }]) => [name, gives])),
    ]),
  );
}
