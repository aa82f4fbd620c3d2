import type { Frame, Page } from 'playwright-core';
import { within } from './within.ts';

const longestCopy = 1024 * 1024;

/**
 * Runs in the page and is sent there as text: its HTML without what anybody typed, what the server hid in it, scripts,
 * and parameters of addresses.
 */
function copyInPage(): string {
  // What says how a page is built; every other attribute may hold a value.
  const kept =
    /^(id|class|name|type|role|for|title|alt|placeholder|href|src|action|method|rel|colspan|rowspan|aria-.*|data-testid)$/;
  const copy = document.documentElement.cloneNode(true) as HTMLElement;
  for (const found of copy.querySelectorAll('script, noscript, template, style')) found.remove();
  for (const field of copy.querySelectorAll('textarea, [contenteditable]')) field.textContent = '';
  const comments = document.createTreeWalker(copy, NodeFilter.SHOW_COMMENT);
  const found: Node[] = [];
  while (comments.nextNode()) found.push(comments.currentNode);
  for (const comment of found) comment.parentNode?.removeChild(comment);
  for (const element of copy.querySelectorAll('*')) {
    const isWord = element.matches('input[type=submit], input[type=button], input[type=reset]');
    for (const { name, value } of [...element.attributes]) {
      if (name === 'value' ? !isWord : !kept.test(name)) element.removeAttribute(name);
      else if (['href', 'src', 'action'].includes(name)) {
        element.setAttribute(
          name,
          value.replace(/^(\s*(?:data|javascript|blob):).*$/is, '$1').replace(/[;?#].*$/s, ''),
        );
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
