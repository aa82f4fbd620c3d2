import type { Locator } from 'playwright-core';
import { z } from 'zod';
import { ariaRoles } from '../../../shared/script-api/roles.ts';

const takenUp = new WeakSet<object>();

/** Makes a locator, which a recorded argument stood for, one that the schemas take. */
export function takeUp(locator: Locator): Locator {
  takenUp.add(locator);
  return locator;
}

/** A locator as an argument: nothing that comes out of the sandbox is one before its chain was checked. */
export const place = z.custom<Locator>(
  (given) => typeof given === 'object' && given !== null && takenUp.has(given),
  'a locator of a page',
);

/** A regular expression on its way from a script: longer ones, and the flags that keep a state, are refused. */
const patternSchema = z
  .strictObject({
    source: z.string().min(1).max(500),
    flags: z.string().regex(/^[imsu]*$/, 'only i, m, s, u'),
  })
  .transform(({ source, flags }, context) => {
    try {
      return new RegExp(source, flags);
    } catch {
      context.addIssue('not a regular expression');
      return z.NEVER;
    }
  });

/** How a regular expression stands in a recorded call: `{ regexp: { source, flags } }`. */
const recordedPatternSchema = z.strictObject({ regexp: patternSchema }).transform(({ regexp }) => regexp);

/** What a page is told that asks for a user name and a password before it shows itself. */
export const login = z.strictObject({ username: z.string().max(1000), password: z.string().max(1000) });

/** A selector: CSS, XPath or Playwright's own. */
export const selector = z.string().min(1).max(2000);
/** Text to find something by: a part of it, or a regular expression. */
export const textMatch = z.union(
  [z.string().max(2000), recordedPatternSchema],
  'text, or a regular expression of at most 500 characters with the flags i, m, s, u',
);
/** What is typed into a page. */
export const value = z.string().max(100_000);
/** A key or a combination, for example `Enter` or `Control+A`. */
export const key = z.string().min(1).max(60);

/** Milliseconds that one step may take; a script cannot switch the limit off. */
const timeout = z.number().int().min(1).max(30_000).exactOptional();

export const timing = z.strictObject({ timeout }).optional();
export const exactness = z.strictObject({ exact: z.boolean().exactOptional() }).optional();
export const pressing = z.strictObject({ timeout, force: z.boolean().exactOptional() }).optional();
export const typing = z
  .strictObject({ timeout, delay: z.number().min(0).max(1000).exactOptional() })
  .optional();
export const having = z.strictObject({
  hasText: textMatch.exactOptional(),
  hasNotText: textMatch.exactOptional(),
  has: place.exactOptional(),
  hasNot: place.exactOptional(),
});
export const filtering = having.extend({ visible: z.boolean().exactOptional() });
export const waiting = z
  .strictObject({ timeout, state: z.enum(['attached', 'detached', 'visible', 'hidden']).exactOptional() })
  .optional();

const loadState = z.enum(['load', 'domcontentloaded', 'networkidle']);
export const loading = loadState.optional();
export const navigating = z.strictObject({ timeout, waitUntil: loadState.exactOptional() }).optional();

/** Where a script may go by itself: no `file:`, no `javascript:`, no page of the browser's own. */
export const webAddress = z
  .string()
  .max(10_000)
  .refine((text) => /^https?:\/\//i.test(text) && URL.canParse(text), 'only http and https URLs');

const choice = z.strictObject({
  value: z.string().max(2000).exactOptional(),
  label: z.string().max(2000).exactOptional(),
  index: z.number().int().min(0).max(10_000).exactOptional(),
});
export const choices = z.union(
  [z.string().max(2000), z.array(z.string().max(2000)).max(100), choice],
  'a value, a list of values, or { value, label, index }',
);

/** A role of WAI-ARIA 1.2, as Playwright's `getByRole` takes it. */
export const role = z.enum(ariaRoles);
const flag = z.boolean().exactOptional();
export const roleOptions = z
  .strictObject({
    name: textMatch.exactOptional(),
    exact: flag,
    checked: flag,
    disabled: flag,
    expanded: flag,
    pressed: flag,
    selected: flag,
    includeHidden: flag,
    level: z.number().int().min(1).max(6).exactOptional(),
  })
  .optional();
