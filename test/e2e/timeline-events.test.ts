import { describe, expect, it } from 'vitest';
import { tokenEvent } from '../renderer/fake-engine.ts';
import {
  asExported,
  exported,
  manyEvents,
  namedProfile,
  openTimeline,
  rowsOf,
  untilCount,
} from './timeline-window.ts';

const now = Date.now();

const script = '<script>document.title = "taken"</script><img src=x onerror="document.title = 1">';
const hostileNames = ['L'.repeat(120), 'ملف تعريف الطلبات', script, '👩‍👩‍👧‍👦'.repeat(10)];
const hostileEvents = ['W'.repeat(400), 'فشل الحصول على الرمز (HTTP 500)', script, '\u202Eevil\u202D'].map(
  (title, index) =>
    tokenEvent(`hostile ${index}`, now + index, {
      profile: `p${index}`,
      persona: hostileNames[index] ?? '',
      title,
      detail: [...hostileNames, 'x'.repeat(4_000), 'words of a server '.repeat(220)].join('\n'),
      answer: { status: 500, fields: [{ name: 'n'.repeat(300), value: 'v'.repeat(2_000) }] },
      waited: hostileNames,
      waitedCount: 4,
      error: { code: 'token_server_failed', message: 'm'.repeat(500), details: { url: 'u'.repeat(500) } },
    }),
);

/** A refusal with all that an event can tell. */
const refusal = tokenEvent('refusal', now, {
  persona: 'bob',
  environment: 'staging',
  kind: 'refresh_refused',
  trigger: 'send',
  grant: 'refresh_token',
  title: 'Refresh refused: invalid_grant',
  detail: 'the refresh token was dropped, consent follows',
  durationMs: 212,
  answer: { status: 400, fields: [{ name: 'error', value: 'invalid_grant' }] },
  waited: ['List orders', 'Refund an order'],
  waitedCount: 1_000,
  error: { code: 'refresh_refused', message: 'The server refused.', action: 'Get Access Token.' },
});

describe('an event of the timeline', () => {
  it('tells, once opened, all there is to it', async () => {
    const { page, close } = await openTimeline([tokenEvent('before', now - 1), refusal]);
    try {
      const row = rowsOf(page).first();
      await row.getByText('Orders API · bob').waitFor();
      await row.getByText('212 ms · the refresh token was dropped, consent follows').waitFor();
      await row.getByRole('button').click();
      const facts = await row
        .locator('dl')
        .evaluate((list) =>
          [...list.querySelectorAll('dt')].map((name) => [
            name.textContent,
            name.nextElementSibling?.textContent,
          ]),
        );
      expect(Object.fromEntries(facts)).toMatchObject({
        Cause: 'the refresh token was dropped, consent follows',
        'Asked for by': 'Sending a request',
        Grant: 'refresh_token',
        Profile: 'Orders API',
        Persona: 'bob',
        Environment: 'staging',
        Took: '212 ms',
        Requests: 'List orders and 999 more waitedList ordersRefund an order',
      });
      await row.getByRole('table', { name: "The server's answer HTTP 400" }).waitFor();
      await row.getByRole('row', { name: 'error invalid_grant' }).waitFor();
      expect(await row.locator('[data-code="refresh_refused"]').textContent()).toContain('refresh_refused');
      await row.getByText('Get Access Token.').waitFor();
    } finally {
      await close();
    }
  });

  it('cannot break the layout, whatever text it brings', async () => {
    const { page, close } = await openTimeline(hostileEvents, {
      profiles: hostileNames.map((name, index) => ({ id: `p${index}`, profile: namedProfile(name) })),
    });
    try {
      await page.setViewportSize({ width: 960, height: 600 });
      const outside = (what: string) =>
        page.locator(what).evaluateAll((all) =>
          all
            .filter((shown) => {
              const { left, right } = shown.getBoundingClientRect();
              return left < 0 || right > document.documentElement.clientWidth;
            })
            .map((shown) => `${shown.tagName}: ${shown.textContent?.slice(0, 40)}`),
        );
      await page.getByText(`${hostileEvents.length} of ${hostileEvents.length} events`).waitFor();
      const rows = await rowsOf(page).all();
      expect(rows).toHaveLength(hostileEvents.length);
      for (const row of rows) {
        expect((await row.boundingBox())?.height).toBeLessThan(60);
        // Text that is cut off reaches on, unseen, behind the cell that cuts it.
        expect(await outside('main :not(bdi)')).toEqual([]);
        await row.getByRole('button').click();
        await row.getByText('m'.repeat(500)).waitFor();
        expect(await outside('main :not(bdi)')).toEqual([]);
        const wider = await page
          .getByRole('list', { name: 'Token events' })
          .evaluate((list) => list.scrollWidth > list.clientWidth);
        expect(wider).toBe(false);
        await row.getByRole('button').click();
      }
      expect(await page.evaluate(() => document.title)).toBe('Grantwright');
    } finally {
      await close();
    }
  });
});

describe('the timeline of one profile', () => {
  it('holds the events of that profile alone, and exports them', async () => {
    const events = manyEvents(9, now);
    const { page, close } = await openTimeline(events);
    try {
      await page.getByRole('button', { name: 'Auth Manager', exact: true }).click();
      await page.getByRole('tab', { name: 'Timeline' }).click();
      await untilCount(page, '6 of 6 events');
      expect(await page.getByRole('combobox', { name: 'Profile', exact: true }).count()).toBe(0);
      const orders = events.filter(({ profile }) => profile === 'orders');
      expect((await exported(page)).content.events).toEqual(asExported(orders));
    } finally {
      await close();
    }
  });

  it('says that nothing has happened yet, until something does', async () => {
    const { page, tell, close } = await openTimeline([]);
    try {
      await page.getByText('Nothing has happened yet').waitFor();
      tell({ kind: 'token_event', event: tokenEvent('first', now) });
      await untilCount(page, '1 of 1 events');
    } finally {
      await close();
    }
  });
});
