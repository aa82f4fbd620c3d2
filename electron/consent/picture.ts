import type { Page } from 'playwright-core';
import { type ScriptVars, secretTexts } from './redact.ts';
import { within } from './within.ts';

/** What a person or a script has typed is nobody's business, and a password field may have been made readable. */
const typedIn =
  'input:not([type=submit],[type=button],[type=checkbox],[type=radio]), textarea, [contenteditable]';

/**
 * A JPEG picture of what a page shows, with everything that was typed and every text that holds a secret covered. Null
 * when the page cannot be pictured within three seconds.
 */
export async function pictureOf(page: Page, hidden: readonly ScriptVars[]): Promise<Buffer | null> {
  const texts = secretTexts(hidden);
  // Each frame by itself: a locator of the page stays in its main frame.
  const covered = page
    .frames()
    .flatMap((frame) => [frame.locator(typedIn), ...texts.map((text) => frame.getByText(text))]);
  const picture = page.screenshot({
    ...{ type: 'jpeg', quality: 60, scale: 'css', animations: 'disabled', caret: 'hide', timeout: 3000 },
    mask: covered,
    maskColor: '#c9ced8',
  });
  return within(
    3000,
    picture.catch(() => null),
  );
}
