import type { Row } from './entry.ts';

/** How things are found, the same on a page, in a frame and inside another thing. */
export const finders: readonly Row[] = [
  [
    'getByRole',
    '(role: AriaRole, options?: RoleOptions): Locator',
    'Finds by role and accessible name, as a screen reader tells them. The best choice for buttons and links.',
    "page.getByRole('button', { name: 'Sign in' })",
  ],
  [
    'getByLabel',
    '(text: TextMatch, options?: ExactOptions): Locator',
    'Finds a form field by its label. The best choice for text fields.',
    "page.getByLabel('User name')",
  ],
  [
    'getByText',
    '(text: TextMatch, options?: ExactOptions): Locator',
    'Finds by the text that is shown. A part is enough, upper and lower case count the same, unless `exact` is set.',
    "page.getByText('Welcome')",
  ],
  [
    'getByPlaceholder',
    '(text: TextMatch, options?: ExactOptions): Locator',
    'Finds a field by the grey text that stands in it while it is empty.',
    "page.getByPlaceholder('name@company.example')",
  ],
  [
    'getByAltText',
    '(text: TextMatch, options?: ExactOptions): Locator',
    'Finds an image by its alternative text.',
  ],
  ['getByTitle', '(text: TextMatch, options?: ExactOptions): Locator', 'Finds by the `title` attribute.'],
  ['getByTestId', '(id: TextMatch): Locator', 'Finds by the `data-testid` attribute.'],
  [
    'locator',
    '(selector: string, options?: HavingOptions): Locator',
    'Finds by a CSS or XPath selector. It looks into open shadow roots by itself.',
    "page.locator('#username')",
  ],
  [
    'frameLocator',
    '(selector: string): FrameLocator',
    'Goes into the frame that the selector finds; what follows is looked for inside.',
    "page.frameLocator('#login').getByLabel('Password')",
  ],
];

/** What narrows a choice among several. */
export const positions = (type: 'Locator' | 'FrameLocator'): readonly Row[] => [
  ['first', `(): ${type}`, 'The first of those that were found.'],
  ['last', `(): ${type}`, 'The last of those that were found.'],
  ['nth', `(index: number): ${type}`, 'The one at this place, from 0; -1 is the last.'],
];

/** What only a locator has. */
export const narrowing: readonly Row[] = [
  ...finders,
  ...positions('Locator'),
  [
    'filter',
    '(options: FilterOptions): Locator',
    'Keeps those that hold a text or another thing, or are visible.',
    "page.getByRole('listitem').filter({ hasText: 'alice' })",
  ],
  ['and', '(other: Locator): Locator', 'Keeps those that the other locator finds as well.'],
  [
    'or',
    '(other: Locator): Locator',
    'Finds what this or the other locator finds: whichever of two screens comes.',
    "await page.getByLabel('Code').or(page.getByText('Welcome')).waitFor();",
  ],
  ['contentFrame', '(): FrameLocator', 'Goes into the frame that was found.'],
];
