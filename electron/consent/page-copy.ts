import type { Frame, Page } from 'playwright-core';
import { within } from './within.ts';

const longestCopy = 1024 * 1024;

/**
 * Runs in the page and is sent there as text: its HTML without what anybody typed, what the server hid in it, scripts,
 * and parameters of addresses.
 */
function copyInPage(): string {
  const copy = document.documentElement.cloneNode(true) as HTMLElement;
  for (const found of copy.querySelectorAll('script, noscript, template')) found.textContent = '';
  for (const field of copy.querySelectorAll('input, button, option, [data-value]')) {
    const isWord = field.matches('[type=submit], [type=button]');
    if (!isWord) field.removeAttribute('value');
    field.removeAttribute('data-value');
  }
  for (const field of copy.querySelectorAll('textarea, [contenteditable]')) field.textContent = '';
  for (const element of copy.querySelectorAll('*')) {
    for (const { name, value } of [...element.attributes]) {
      if (name === 'nonce' || name === 'content' || name === 'srcdoc' || name.startsWith('on')) {
        element.removeAttribute(name);
      } else if (['href', 'src', 'action', 'formaction', 'srcset'].includes(name)) {
        element.setAttribute(name, value.replace(/[?#].*$/s, ''));
      }
    }
  }
  return `<!doctype html>\n${copy.outerHTML}`;
}

async function copyOf(frame: Frame): Promise<string | null> {
  const copy = await within(
    2000,
    frame.evaluate(copyInPage).catch(() => null),
  );
  // The page is hostile: it may give anything.
  return typeof copy === 'string' ? copy.slice(0, longestCopy) : null;
}

/** The HTML of a page and its frames, the page first, values removed; a frame that does not answer is left out. */
export async function copyPage(page: Page): Promise<string[]> {
  const copies = await Promise.all(page.frames().slice(0, 10).map(copyOf));
  return copies.filter((copy) => copy !== null);
}
