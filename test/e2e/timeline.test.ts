import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keptTokenEvents } from '../../shared/model/token.ts';
import { tokenEvent } from '../renderer/fake-engine.ts';
import {
  asExported,
  exported,
  manyEvents,
  openTimeline,
  rowsOf,
  type TimelineWindow,
  untilCount,
} from './timeline-window.ts';

/** As many rows as may be in the document, however many events there are. */
const mostRows = 80;

/** For conditions; generous, because test machines are slow. */
const patience = { timeout: 30_000 };

const now = Date.now();
const held = manyEvents(keptTokenEvents, now);

/** The positions of the rows that are in the document. */
async function positions(page: Page): Promise<number[]> {
  const all = await rowsOf(page).evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-posinset')));
  return all.map(Number);
}

/** Where a title stands in the window, in px from the top; undefined while it is not in the document. */
async function topOf(page: Page, title: string): Promise<number | undefined> {
  const [top] = await rowsOf(page)
    .getByText(title, { exact: true })
    .evaluateAll((titles) => titles.map((found) => Math.round(found.getBoundingClientRect().top)));
  return top;
}

/** Scrolls from the top to the end, a window at a time, and tells all rows met and the most there were at once. */
function walkThrough(page: Page): Promise<{ met: number[]; most: number }> {
  return page.getByRole('list', { name: 'Token events' }).evaluate(async (list) => {
    const scroller = list.parentElement;
    if (scroller === null) throw new Error('the list does not scroll');
    const met = new Set<number>();
    let most = 0;
    const look = () => {
      const rows = [...list.querySelectorAll('[aria-posinset]')];
      most = Math.max(most, rows.length);
      for (const row of rows) met.add(Number(row.getAttribute('aria-posinset')));
      return Math.max(0, ...rows.map((row) => row.getBoundingClientRect().bottom));
    };
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const atEnd = () => scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 1;
    for (;;) {
      // What stands below the last row when the end is reached is less than a row high.
      const filled = () => look() >= scroller.getBoundingClientRect().bottom - (atEnd() ? 40 : 0);
      while (!filled()) await frame();
      if (atEnd()) return { met: [...met], most };
      scroller.scrollTop += scroller.clientHeight;
      await frame();
    }
  });
}

describe('the timeline of ten thousand events', () => {
  let window: TimelineWindow;
  let page: Page;
  beforeAll(async () => {
    window = await openTimeline(held);
    page = window.page;
  });
  afterAll(() => window?.close());

  it('shows the newest first and says how many there are', async () => {
    await untilCount(page, '10,000 of 10,000 events, the most that are kept');
    await rowsOf(page).first().getByText('Refreshed in the background 9999').waitFor();
    expect(await rowsOf(page).first().getAttribute('aria-setsize')).toBe('10000');
  });

  it('leads to every one of them with few rows in the document', async () => {
    const { met, most } = await walkThrough(page);
    expect(met.sort((one, other) => one - other)).toEqual(held.map((_, index) => index + 1));
    expect(most).toBeLessThan(mostRows);
  });

  it('is worked from the keyboard: one stop for Tab, arrows from row to row, Enter and Space to open', async () => {
    await page.getByRole('button', { name: 'Export JSON' }).focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Home');
    const focused = () => page.evaluate(() => document.activeElement?.textContent);
    await expect.poll(focused, patience).toContain('background 9999');
    await page.keyboard.press('ArrowDown');
    await expect.poll(focused, patience).toContain('background 9998');
    await page.keyboard.press('Enter');
    const opened = rowsOf(page).getByRole('button', { expanded: true });
    await opened.getByText('background 9998').waitFor();
    await page.keyboard.press('Space');
    await opened.waitFor({ state: 'detached' });
    await page.keyboard.press('End');
    await expect.poll(focused, patience).toContain('Refresh refused 0');
    expect(await positions(page)).toContain(10_000);
    await page.keyboard.press('PageUp');
    await expect.poll(focused, patience).toContain('Refresh refused 10');
    // The row with the focus stays, however far the wheel goes.
    await rowsOf(page).last().hover();
    await page.mouse.wheel(0, -1_000_000);
    await expect.poll(() => positions(page), patience).toContain(1);
    expect(await focused()).toContain('Refresh refused 10');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Home');
    await expect.poll(focused, patience).toContain('background 9999');
  });

  it('filters by profile, by problems and by text, and exports exactly what is shown', async () => {
    await page.getByRole('combobox', { name: 'Profile', exact: true }).click();
    await page.getByRole('option', { name: 'Billing' }).click();
    const billing = held.filter(({ profile }) => profile === 'billing');
    await untilCount(page, `${billing.length.toLocaleString('en')} of 10,000 events, the most that are kept`);
    await page.getByRole('radio', { name: 'Problems' }).click();
    const refused = billing.filter(({ kind }) => kind === 'refresh_refused');
    await untilCount(page, `${refused.length} of 10,000 events, the most that are kept`);
    await page.getByPlaceholder('Filter by title').fill('BOB stored 99');
    await untilCount(page, '0 of 10,000 events, the most that are kept');
    await page.getByPlaceholder('Filter by title').fill('alice refused 99');
    const wanted = refused.filter(({ title }) => title.includes('99'));
    await untilCount(page, `${wanted.length} of 10,000 events, the most that are kept`);
    await expect.poll(() => positions(page), patience).toEqual(wanted.map((_, index) => index + 1));

    const { name, content } = await exported(page);
    expect(name).toMatch(/^timeline-shop-tests-\d{4}-\d\d-\d\d\.json$/);
    expect(content).toEqual({
      exportedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      project: 'Shop tests',
      events: asExported(wanted),
    });
  });

  it('says that nothing matches, and clears the filter', async () => {
    await page.getByPlaceholder('Filter by title').fill('no such thing');
    await page.getByText('Nothing matches').waitFor();
    expect(await page.getByRole('button', { name: 'Export JSON' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Clear filter' }).click();
    await untilCount(page, '10,000 of 10,000 events, the most that are kept');
    expect((await exported(page)).content.events).toEqual(asExported(held));
  });

  it('leaves what is read in its place while new events come in, also where old ones go', async () => {
    await page.getByRole('list', { name: 'Token events' }).evaluate((list) => {
      list.parentElement?.scrollTo(0, 200_000);
    });
    await expect.poll(async () => Math.min(...(await positions(page))), patience).toBeGreaterThan(3_000);
    const title = (await rowsOf(page).nth(12).locator('bdi').first().textContent()) ?? '';
    const before = await topOf(page, title);
    expect(before).toBeDefined();
    const many = manyEvents(1_000, now + 3 * 86_400_000).map((event) => ({
      ...event,
      id: `new ${event.id}`,
    }));
    window.tell(...many.map((event) => ({ kind: 'token_event' as const, event })));
    await page.getByRole('button', { name: 'Export JSON' }).focus();
    await expect
      .poll(async () => (await exported(page)).content.events[0])
      .toMatchObject({ id: 'new event-999' });
    expect(await topOf(page, title)).toBe(before);
    expect((await positions(page)).length).toBeLessThan(mostRows);
  });

  it('shows new events at once to who stands at the top, also when another day begins', async () => {
    await page.getByRole('radio', { name: 'Problems' }).click();
    await page.getByRole('radio', { name: 'All' }).click();
    await expect.poll(() => positions(page), patience).toContain(1);
    await rowsOf(page).first().getByRole('button').focus();
    await page.keyboard.press('ArrowUp');
    await page.getByPlaceholder('Filter by title').focus();
    window.tell({
      kind: 'token_event',
      event: tokenEvent('tomorrow', now + 9 * 86_400_000, { title: 'Happened on another day' }),
    });
    await rowsOf(page).first().getByText('Happened on another day').waitFor();
    const scrolled = await page
      .getByRole('list', { name: 'Token events' })
      .evaluate((list) => list.parentElement?.scrollTop);
    expect(scrolled).toBe(0);
    // The focus is where the person has put it, and not on the row that had it before.
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('INPUT');
  });
});
