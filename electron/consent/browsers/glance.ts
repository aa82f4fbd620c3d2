import type { BrowserContext } from 'playwright-core';
import { z } from 'zod';
import { within } from '../within.ts';
import type { PageGlance } from './consent-browser.ts';

const textLength = 300;
const seenSchema = z.tuple([z.string(), z.string()]);

// As text, since it is the page's world, not this one.
const titleAndText = "[String(document.title), String(document.body?.innerText ?? '')]";

/**
 * Looks at a page, which evaluates some code; null when it does not answer within two seconds. A page that is
 * closing or just going elsewhere cannot be looked at.
 */
export async function glanceVia(
  url: () => string,
  evaluate: (code: string) => Promise<unknown>,
): Promise<PageGlance | null> {
  const look = async (): Promise<PageGlance> => {
    const seen = seenSchema.parse(await evaluate(titleAndText));
    const [title = '', text = ''] = seen.map((part) => part.replace(/\s+/g, ' ').trim());
    const cut = text.length > textLength ? `${text.slice(0, textLength)}…` : text;
    return { url: url(), title: title.slice(0, textLength), text: cut };
  };
  return within(
    2000,
    look().catch(() => null),
  );
}

/** Looks at the newest page of a flow; null when there is none. */
export async function glanceAt(context: BrowserContext): Promise<PageGlance | null> {
  const page = context.pages().at(-1);
  return page === undefined
    ? null
    : glanceVia(
        () => page.url(),
        (code) => page.evaluate(code),
      );
}
