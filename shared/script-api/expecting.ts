import type { Row } from './entry.ts';

const held = '(options?: TimeoutOptions): Promise<void>';
const worded = '(text: TextMatch, options?: TimeoutOptions): Promise<void>';

/** `expect(locator)`: each waits until it holds, 5 seconds unless `timeout` says otherwise. */
export const locatorExpectations: readonly Row[] = [
  [
    'toBeVisible',
    held,
    'Waits until it is on the screen.',
    "await expect(page.getByText('Welcome')).toBeVisible();",
  ],
  ['toBeHidden', held, 'Waits until it is not on the screen.'],
  ['toBeEnabled', held, 'Waits until it can be used.'],
  ['toBeDisabled', held, 'Waits until it cannot be used.'],
  ['toBeChecked', held, 'Waits until it is ticked.'],
  ['toHaveText', worded, 'Waits until its whole text is this.'],
  ['toContainText', worded, 'Waits until its text holds this.'],
  ['toHaveValue', worded, 'Waits until this stands in the field.'],
  [
    'toHaveCount',
    '(count: number, options?: TimeoutOptions): Promise<void>',
    'Waits until so many are found.',
  ],
  ['not', ': LocatorExpect', 'The opposite: waits until it does not hold.'],
];

/** `expect(page)`. */
export const pageExpectations: readonly Row[] = [
  ['toHaveURL', worded, 'Waits until the address is this one.', 'await expect(page).toHaveURL(/consent/);'],
  ['toHaveTitle', worded, 'Waits until the title is this one.'],
  ['not', ': PageExpect', 'The opposite: waits until it does not hold.'],
];

/** `expect(value)`: says at once whether it holds. */
export const valueExpectations: readonly Row[] = [
  ['toBe', '(expected: unknown): void', 'It is the very same value.'],
  ['toEqual', '(expected: unknown): void', 'It is equal, part by part.'],
  ['toContain', '(part: unknown): void', 'A text holds this part, or a list this member.'],
  ['toMatch', '(pattern: TextMatch): void', 'A text fits this pattern.'],
  ['toBeTruthy', '(): void', 'It counts as true.'],
  ['toBeFalsy', '(): void', 'It counts as false.'],
  ['not', ': ValueExpect', 'The opposite.'],
];
