import type { Row } from './entry.ts';

/** What is done with one thing; the page has each of them too, with a selector in front. */
export const actions: readonly Row[] = [
  [
    'fill',
    '(value: string, options?: PressOptions): Promise<void>',
    'Puts text into a field in place of what stands there.',
    "await page.getByLabel('User name').fill(vars.user);",
  ],
  [
    'click',
    '(options?: PressOptions): Promise<void>',
    'Waits until it is visible, enabled and still, then clicks it.',
    "await page.getByRole('button', { name: 'Sign in' }).click();",
  ],
  ['dblclick', '(options?: PressOptions): Promise<void>', 'Double-clicks it.'],
  ['hover', '(options?: PressOptions): Promise<void>', 'Moves the mouse over it.'],
  ['check', '(options?: PressOptions): Promise<void>', 'Ticks a checkbox or chooses a radio button.'],
  ['uncheck', '(options?: PressOptions): Promise<void>', 'Takes the tick off a checkbox.'],
  [
    'setChecked',
    '(checked: boolean, options?: PressOptions): Promise<void>',
    'Ticks a checkbox or takes its tick off.',
  ],
  [
    'selectOption',
    '(choice: string | string[] | Choice, options?: PressOptions): Promise<string[]>',
    'Chooses in a list by value, by label or by place, and gives the values chosen.',
    "await page.getByLabel('Tenant').selectOption({ label: 'Staging' });",
  ],
  ['clear', '(options?: PressOptions): Promise<void>', 'Empties a field.'],
  ['focus', '(options?: TimeoutOptions): Promise<void>', 'Gives it the focus.'],
  [
    'press',
    '(key: string, options?: TypingOptions): Promise<void>',
    'Presses a key or a combination on it.',
    "await page.getByLabel('Password').press('Enter');",
  ],
  [
    'textContent',
    '(options?: TimeoutOptions): Promise<string | null>',
    'Reads its text, hidden parts included.',
  ],
  ['innerText', '(options?: TimeoutOptions): Promise<string>', 'Reads its text as it is shown.'],
  ['inputValue', '(options?: TimeoutOptions): Promise<string>', 'Reads what stands in a field.'],
  [
    'getAttribute',
    '(name: string, options?: TimeoutOptions): Promise<string | null>',
    'Reads an attribute; null when there is none.',
  ],
  ['isEnabled', '(options?: TimeoutOptions): Promise<boolean>', 'Whether it can be used.'],
  ['isDisabled', '(options?: TimeoutOptions): Promise<boolean>', 'Whether it cannot be used.'],
  ['isChecked', '(options?: TimeoutOptions): Promise<boolean>', 'Whether it is ticked.'],
  ['isVisible', '(): Promise<boolean>', 'Whether it is on the screen now. It does not wait; `waitFor` does.'],
  ['isHidden', '(): Promise<boolean>', 'Whether it is not on the screen now. It does not wait.'],
];

/** What only a locator can do. */
export const locatorActions: readonly Row[] = [
  ...actions,
  [
    'pressSequentially',
    '(text: string, options?: TypingOptions): Promise<void>',
    'Types key by key, for fields that react to each of them. `fill` is faster.',
  ],
  ['blur', '(options?: TimeoutOptions): Promise<void>', 'Takes the focus off it.'],
  ['scrollIntoViewIfNeeded', '(options?: TimeoutOptions): Promise<void>', 'Scrolls until it can be seen.'],
  [
    'waitFor',
    '(options?: WaitOptions): Promise<void>',
    'Waits until it is visible, or in the state that is asked for.',
    "await page.getByText('Signed in').waitFor();",
  ],
  ['count', '(): Promise<number>', 'How many are found now.'],
  ['allTextContents', '(): Promise<string[]>', 'The texts of all that are found now.'],
];

/** The page's own actions: the first thing that the selector finds. */
export const selectorActions: readonly Row[] = actions.map(([name, signature, docs]) => [
  name,
  signature.replace(/^\((?=\))/, '(selector: string').replace(/^\((?!selector)/, '(selector: string, '),
  `${docs} Takes the first that the selector finds; a locator says better what is meant.`,
]);

/** The keyboard. */
export const keys: readonly Row[] = [
  [
    'press',
    '(key: string): Promise<void>',
    'Presses a key or a combination.',
    "await page.keyboard.press('Tab');",
  ],
  ['type', '(text: string): Promise<void>', 'Types key by key where the focus is.'],
  ['insertText', '(text: string): Promise<void>', 'Puts text in where the focus is, without single keys.'],
  ['down', '(key: string): Promise<void>', 'Holds a key down.'],
  ['up', '(key: string): Promise<void>', 'Lets a key go.'],
];
