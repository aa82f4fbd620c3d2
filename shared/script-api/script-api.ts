import { keys, locatorActions } from './acting.ts';
import { entriesOf, type ScriptApiEntry, type ScriptObject } from './entry.ts';
import { locatorExpectations, pageExpectations, valueExpectations } from './expecting.ts';
import { finders, narrowing, positions } from './finding.ts';
import { dialogRows, pageRows } from './pages.ts';

const globals: readonly ScriptApiEntry[] = [
  ...entriesOf('Global', [
    ['page', ': Page', 'The page with the login and consent screens. It is open when the script starts.'],
    [
      'vars',
      ': Vars',
      "The persona's values, then the active environment's variables, and `persona`, `environment` and `profile`.",
      "await page.getByLabel('Password').fill(vars.password);",
    ],
    [
      'step',
      '<T>(name: string, work: () => Promise<T> | T): Promise<T>',
      'Names a part of the script, for the test run and for errors.',
      "await step('Sign in', async () => {\n  await page.getByLabel('User name').fill(vars.user);\n});",
    ],
    [
      'totp',
      '(seed: string): Promise<string>',
      'The current one-time code of a seed: base32, or an otpauth:// URL. Without more: SHA1, 6 digits, 30 seconds (RFC 6238).',
      "await page.getByLabel('Code').fill(await totp(vars.totp_seed));",
    ],
    ['log', '(...parts: unknown[]): void', 'Writes a line for the test run and for errors.'],
    ['console', ': Console', '`console.log` writes a line, as `log` does.'],
  ]),
  {
    on: 'Global',
    name: 'expect',
    signatures: [
      '(locator: Locator): LocatorExpect',
      '(page: Page): PageExpect',
      '(value: unknown): ValueExpect',
    ],
    docs: 'Checks what must hold. For a locator or a page it waits until it does, 5 seconds unless `timeout` says otherwise.',
    example: "await expect(page.getByText('Welcome')).toBeVisible();",
  },
];

/**
 * Every name that an automation script may use, with its signature and what it does. The editor's completion and the
 * type file beside the scripts are made of it; a test compares it with what the engine allows.
 */
export const scriptApi: readonly ScriptApiEntry[] = [
  ...globals,
  ...entriesOf('Page', pageRows),
  ...entriesOf('Locator', [...narrowing, ...locatorActions]),
  ...entriesOf('FrameLocator', [
    ...finders,
    ...positions('FrameLocator'),
    ['owner', '(): Locator', 'The frame itself, as a thing on the page that holds it.'],
  ]),
  ...entriesOf('Keyboard', keys),
  ...entriesOf('Dialog', dialogRows),
  ...entriesOf('LocatorExpect', locatorExpectations),
  ...entriesOf('PageExpect', pageExpectations),
  ...entriesOf('ValueExpect', valueExpectations),
];

/** The names that an object has. */
export function namesOn(object: ScriptObject): ScriptApiEntry[] {
  return scriptApi.filter(({ on }) => on === object);
}

/** The entry of a name, or undefined when the API has none. */
export function entryOf(object: ScriptObject, name: string): ScriptApiEntry | undefined {
  return scriptApi.find((entry) => entry.on === object && entry.name === name);
}
