import type { FrameLocator, Locator, Page } from 'playwright-core';
import { z } from 'zod';
import { addressMatcher } from './address-match.ts';
import * as given from './arguments.ts';
import { expectation, matchers } from './expectations.ts';
import { acts, all, frames, locates, type Method, type Methods, type Place } from './method.ts';
import { alternatives } from './outside.ts';
import type { OpenDialog, ScriptPages } from './script-pages.ts';
import { totpSeed } from './totp.ts';
import { fill, press, pressSequentially, typeIntoFocus } from './typing.ts';

const none = z.tuple([]);
const text = z.tuple([given.textMatch, given.exactness]);
const timed = z.tuple([given.timing]);
const forced = z.tuple([given.pressing]);

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
  frameLocator: frames(z.tuple([given.selector]), (at, [selector]) => at.frameLocator(selector)),
};

/** `expect(…)`: recorded as a last step of its own. */
function expects<Target>(
  table: Parameters<typeof expectation<Target>>[0],
  pageOf: (target: Target) => Page,
): Method<Target> {
  return {
    gives: 'action',
    shows: all,
    words: (path, [matcher = '', not = '', ...rest]) =>
      `expect(${path})${not === 'true' ? '.not' : ''}.${matcher.replace(/\W/g, '')}(${rest.join(', ')})`,
    enter: (target, raw) => ({
      kind: 'action',
      run: expectation(table, pageOf, raw).bind(null, target),
      waits: false,
    }),
  };
}

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
  fill: acts(
    z.tuple([given.value, given.pressing]),
    (at, [text, options], gate) => fill(gate, at, text, options),
    { shows: 0 },
  ),
  setChecked: acts(z.tuple([z.boolean(), given.pressing]), (at, args) => at.setChecked(...args)),
  selectOption: acts(
    z.tuple([given.choices, given.pressing]),
    (at, [choices, options], gate) =>
      gate.element(at, options?.timeout, (element, { timeout }) =>
        element.selectOption(choices, { ...options, timeout }),
      ),
    { shows: 0 },
  ),
  press: acts(z.tuple([given.key, given.typing]), (at, [key, options], gate) =>
    press(gate, at, key, options),
  ),
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
  filter: locates(z.tuple([given.filtering]), (at, args) => at.filter(...args)),
  pressSequentially: acts(
    z.tuple([given.value, given.typing]),
    (at, [text, options], gate) => pressSequentially(gate, at, text, options),
    { shows: 0 },
  ),
  waitFor: acts(z.tuple([given.waiting]), (at, args) => at.waitFor(...args)),
  and: locates(z.tuple([given.place]), (at, [other]) => at.and(other)),
  or: locates(z.tuple([given.place]), (at, [other]) => at.or(other)),
  contentFrame: frames(none, (at) => at.contentFrame()),
  blur: acts(timed, (at, args) => at.blur(...args)),
  scrollIntoViewIfNeeded: acts(timed, (at, args) => at.scrollIntoViewIfNeeded(...args)),
  $expect: expects(matchers.locator, (at) => at.page()),
  count: acts(none, (at) => at.count()),
  allTextContents: acts(none, (at) => at.allTextContents()),
};

const frameMethods: Methods<FrameLocator> = {
  ...finders,
  owner: locates(none, (at) => at.owner()),
  first: frames(none, (at) => at.first()),
  last: frames(none, (at) => at.last()),
  nth: frames(z.tuple([position]), (at, [index]) => at.nth(index)),
};

const keys = z.tuple([given.key]);
const typed = z.tuple([given.value]);
const keyboardMethods: Methods<Page> = {
  press: acts(keys, (at, [key], gate) => gate.focus(at, () => at.keyboard.press(key))),
  down: acts(keys, (at, [key], gate) => gate.focus(at, () => at.keyboard.down(key))),
  up: acts(keys, (at, [key], gate) => gate.focus(at, () => at.keyboard.up(key))),
  type: acts(typed, (at, [value], gate) => typeIntoFocus(gate, at, value), { shows: 0 }),
  insertText: acts(typed, (at, [value], gate) => gate.focus(at, () => at.keyboard.insertText(value)), {
    shows: 0,
  }),
};

const dialogMethods: Methods<OpenDialog> = {
  accept: acts(
    z.tuple([given.value.nullish()]),
    (at, [text], gate) => (typeof text === 'string' ? gate.dialog(at, () => at.accept(text)) : at.accept()),
    { shows: 0 },
  ),
  dismiss: acts(none, (at) => at.dismiss()),
};

/** `page.fill('#user', …)`: the first thing that the selector finds, as in Playwright. */
function withSelector(action: Method<Locator>): Method<Page> {
  const enter = (page: Page, [first, ...rest]: unknown[], pages: ScriptPages): Place =>
    action.enter(page.locator(z.tuple([given.selector]).parse([first])[0]).first(), rest, pages);
  return { ...action, shows: action.shows + 1, enter };
}

/** The sandbox keeps the handler itself, and is told of every dialog from now on. */
const listens: Method<Page> = acts(
  z.tuple([z.literal('dialog', 'only dialog can be listened to')]),
  async (at, _args, _gate, pages) => pages.listen(at),
  { gives: 'listener' },
);

const pageMethods: Methods<Page> = {
  ...finders,
  ...Object.fromEntries(Object.entries(actions).map(([name, action]) => [name, withSelector(action)])),
  keyboard: {
    gives: 'keyboard',
    shows: all,
    enter: (page) => ({ kind: 'keyboard', target: page }),
  },
  goto: acts(z.tuple([given.webAddress, given.navigating]), (at, [url, options], gate, pages) =>
    gate.address(
      () => url,
      () => pages.goTo(at, url, options),
    ),
  ),
  reload: acts(z.tuple([given.navigating]), async (at, args) => {
    await at.reload(...args);
  }),
  url: acts(none, async (at) => at.url()),
  title: acts(none, (at) => at.title()),
  waitForURL: acts(
    z.tuple([given.textMatch, given.navigating]),
    (at, [wanted, options]) => at.waitForURL(addressMatcher(wanted), options),
    { waits: true },
  ),
  waitForEvent: acts(
    z.tuple([z.literal('popup'), given.timing]),
    (at, [_event, options], _gate, pages) => pages.waitForPopup(at, options),
    { waits: true, gives: 'popup' },
  ),
  on: listens,
  once: listens,
  authenticate: acts(
    z.tuple([given.login]),
    (at, [login], gate, pages) =>
      gate.address(
        () => pages.asking(at),
        async () => pages.authenticate(at, login),
      ),
    { shows: 0 },
  ),
  bringToFront: acts(none, (at) => at.bringToFront()),
  close: acts(none, (at, _args, _gate, pages) => pages.close(at)),
  $expect: expects(matchers.page, (at) => at),
  waitForLoadState: acts(z.tuple([given.loading, given.timing]), (at, args) => at.waitForLoadState(...args)),
  waitForSelector: acts(z.tuple([given.selector, given.waiting]), (at, [selector, options]) =>
    at.locator(selector).first().waitFor(options),
  ),
  waitForTimeout: acts(z.tuple([z.number().min(0).max(10_000)]), (at, [ms]) => at.waitForTimeout(ms)),
};

const number = z.tuple([z.number().int().min(0)]);

/** What a chain may begin with, other than the page that the script begins with. */
const startMethods: Methods<ScriptPages> = {
  $page: {
    gives: 'page',
    shows: 0,
    words: () => 'popup',
    enter: (pages, raw) => ({ kind: 'page', target: pages.popup(number.parse(raw)[0]) }),
  },
  $dialog: {
    gives: 'dialog',
    shows: 0,
    words: () => 'dialog',
    enter: (pages, raw) => ({ kind: 'dialog', target: pages.dialog(number.parse(raw)[0]) }),
  },
  $totp: {
    ...acts<[z.infer<typeof totpSeed>], ScriptPages>(z.tuple([totpSeed]), async (pages, [totp]) =>
      pages.hide('totp', totp.generate()),
    ),
    words: () => 'totp(…)',
  },
};

/** Everything that an automation script can do to a page: the sandbox offers it, and the engine replays nothing else. */
export const allowList = {
  start: startMethods,
  page: pageMethods,
  locator: locatorMethods,
  frame: frameMethods,
  keyboard: keyboardMethods,
  dialog: dialogMethods,
} as const;

/** The same tables as the sandbox needs them: what each method gives, the matchers, and what to write instead of others. */
export function allowedNames(): Record<string, Record<string, string>> {
  const { page, locator, frame, keyboard } = allowList;
  const names = Object.entries({ page, locator, frame, keyboard }).map(([kind, methods]) => [
    kind,
    Object.fromEntries(
      Object.entries(methods)
        .filter(([name]) => !name.startsWith('$'))
        .map(([name, { gives }]) => [name, gives]),
    ),
  ]);
  const matcherNames = Object.entries(matchers).map(([kind, table]) => [
    `expect ${kind}`,
    Object.fromEntries(Object.keys(table).map((name) => [name, 'action'])),
  ]);
  const { members, globals } = alternatives;
  return { ...Object.fromEntries([...names, ...matcherNames]), members, globals };
}
