import { selectorActions } from './acting.ts';
import type { Row } from './entry.ts';
import { finders } from './finding.ts';

/** A page: the consent screens, or a popup that they open. */
export const pageRows: readonly Row[] = [
  ...finders,
  ...selectorActions,
  ['keyboard', ': Keyboard', 'The keyboard, which types where the focus is.'],
  [
    'goto',
    '(url: string, options?: NavigationOptions): Promise<void>',
    'Opens an http or https address. Seldom needed: the authorization page is open when the script starts.',
  ],
  ['reload', '(options?: NavigationOptions): Promise<void>', 'Loads the page again.'],
  ['url', '(): Promise<string>', "The page's address."],
  ['title', '(): Promise<string>', "The page's title."],
  [
    'waitForURL',
    '(url: TextMatch, options?: NavigationOptions): Promise<void>',
    'Waits until the address fits: a pattern where ** stands for anything, or a regular expression.',
    "await page.waitForURL('**/consent');",
  ],
  [
    'waitForLoadState',
    "(state?: 'load' | 'domcontentloaded' | 'networkidle', options?: TimeoutOptions): Promise<void>",
    'Waits until the page has loaded. Seldom needed: every action waits for what it works on.',
  ],
  [
    'waitForSelector',
    '(selector: string, options?: WaitOptions): Promise<void>',
    'Waits until what the selector finds is visible, or in the state that is asked for.',
  ],
  [
    'waitForTimeout',
    '(ms: number): Promise<void>',
    'Waits so many milliseconds, at most 10,000. Better is to wait for what is to come.',
  ],
  [
    'waitForEvent',
    "(event: 'popup', options?: TimeoutOptions): Promise<Page>",
    'Waits for a window that the page opens. Ask before the click that opens it, and await afterwards.',
    "const popupPromise = page.waitForEvent('popup');\nawait page.getByRole('button', { name: 'Sign in' }).click();\nconst popup = await popupPromise;",
  ],
  [
    'on',
    "(event: 'dialog', handler: (dialog: Dialog) => unknown): void",
    'Answers each alert, question and prompt of the page. Without it they are dismissed.',
    "page.on('dialog', (dialog) => dialog.accept());",
  ],
  [
    'once',
    "(event: 'dialog', handler: (dialog: Dialog) => unknown): void",
    'Answers the next alert, question or prompt of the page.',
    "page.once('dialog', (dialog) => dialog.accept());",
  ],
  ['close', '(): Promise<void>', 'Closes a popup.'],
  [
    'authenticate',
    '(login: { username: string; password: string }): Promise<void>',
    'Answers a page that asks for a user name and a password before it shows anything (the browser’s own prompt).',
    'await page.authenticate({ username: vars.user, password: vars.password });',
  ],
  ['bringToFront', '(): Promise<void>', 'Makes it the window in front.'],
];

/** An alert, question or prompt of the page, in a handler. */
export const dialogRows: readonly Row[] = [
  ['type', "(): 'alert' | 'confirm' | 'prompt' | 'beforeunload'", 'What kind of dialog it is.'],
  ['message', '(): string', 'What it says.'],
  ['defaultValue', '(): string', 'What stands in the field of a prompt.'],
  ['accept', '(text?: string): Promise<void>', 'Says yes, for a prompt with this text.'],
  ['dismiss', '(): Promise<void>', 'Says no.'],
];
