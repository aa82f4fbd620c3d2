import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { startWebServer, type WebServer } from '../../electron/hosts/web/server.ts';
import { isoTime } from '../../renderer/ui/time-words.ts';
import type { EngineEvent } from '../../shared/contract/events.ts';
import { newProfile, type Profile } from '../../shared/model/profile.ts';
import type { TokenEvent } from '../../shared/model/token.ts';
import { launchChromium } from '../fixtures/chromium.ts';
import { root } from '../fixtures/electron-runtime.ts';
import { fakeEngine, sampleProject, tokenEvent } from '../renderer/fake-engine.ts';

/** The built renderer in a real Chromium, behind the real web server, over token events of the test's own. */
export interface TimelineWindow {
  page: Page;
  /** Tells the window, as the engine does. */
  tell(...events: EngineEvent[]): void;
  close(): Promise<void>;
}

/** A profile of this name with two personas. */
export function namedProfile(name: string): Profile {
  return {
    ...newProfile(name),
    personas: ['alice', 'bob'].map((persona) => ({ name: persona, values: [] })),
  };
}

/** Opens the window at its Timeline. `events` are what the engine holds, oldest first. */
export async function openTimeline(
  events: TokenEvent[],
  options: { rendererFolder?: string; profiles?: { id: string; profile: Profile }[] } = {},
): Promise<TimelineWindow> {
  const profiles = options.profiles ?? [
    { id: 'orders', profile: namedProfile('Orders API') },
    { id: 'billing', profile: namedProfile('Billing') },
  ];
  const project = {
    ...sampleProject(),
    name: 'Shop tests',
    profiles: profiles.map((profile) => ({ ...profile, hasScript: false })),
  };
  const engine = fakeEngine({
    'project.current': async () => ({ kind: 'open', project, trusted: true }),
    'tokens.events': async () => ({ events }),
  });
  const server: WebServer = await startWebServer({
    rendererFolder: options.rendererFolder ?? join(root, 'dist', 'renderer'),
    router: engine.router,
    port: 0,
  });
  const browser: Browser = await launchChromium();
  const page = await browser.newPage({ viewport: { width: 1360, height: 860 } });
  await page.goto(server.url);
  await page.getByRole('button', { name: 'Timeline', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Timeline' }).waitFor();
  return {
    page,
    tell: (...told) => {
      for (const event of told) server.broadcast(event);
    },
    close: async () => {
      await browser.close();
      server.close();
    },
  };
}

/** Many token events over a week, oldest first, a minute apart; every tenth is a refusal, every third of `billing`. */
export function manyEvents(count: number, lastMs: number): TokenEvent[] {
  return Array.from({ length: count }, (_, index) => {
    const refused = index % 10 === 0;
    return tokenEvent(`event-${index}`, lastMs - (count - 1 - index) * 60_000, {
      profile: index % 3 === 0 ? 'billing' : 'orders',
      persona: index % 2 === 0 ? 'alice' : 'bob',
      kind: refused ? 'refresh_refused' : 'refreshed',
      trigger: 'send',
      grant: 'refresh_token',
      title: refused ? `Refresh refused ${index}` : `Refreshed in the background ${index}`,
      detail: index % 4 === 0 ? '' : `new refresh token stored ${index}`,
      durationMs: index % 4 === 0 ? null : 100 + (index % 100),
    });
  });
}

/** The rows that are in the document. */
export function rowsOf(page: Page): Locator {
  return page.getByRole('list', { name: 'Token events' }).getByRole('listitem');
}

/** Waits until the timeline says how many events it shows. */
export async function untilCount(page: Page, words: string): Promise<void> {
  await page.getByRole('status').getByText(words, { exact: true }).waitFor();
}

/** What Export JSON hands over, and the file's name. */
export async function exported(page: Page): Promise<{ name: string; content: { events: unknown[] } }> {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export JSON' }).click();
  const file = await download;
  return { name: file.suggestedFilename(), content: JSON.parse(await readFile(await file.path(), 'utf8')) };
}

/** Events as the export holds them, which are given oldest first. */
export function asExported(events: TokenEvent[]): unknown[] {
  return events.toReversed().map((event) => ({ ...event, at: isoTime(event.atMs) }));
}
