import type { Frame, Page } from 'playwright-core';
import { z } from 'zod';
import { locatorFinder } from '../recorder/locator-finder.ts';
import { type FoundBy, foundBySchema } from '../recorder/messages.ts';
import { createPlacing } from '../recorder/placing.ts';
import { locatorCode } from '../recorder/script-writer.ts';
import { within } from '../within.ts';

const [mostFrames, mostElements, shown] = [10, 150, 3];

/** Each element as the ways to find it, best first. */
const offersSchema = z.array(z.array(foundBySchema).min(1).max(10)).max(mostElements);

/** Runs in the page and is sent there as text: how what can be worked there is found. */
function offersInPage({ find }: ReturnType<typeof locatorFinder>, most: number): unknown {
  const wanted = 'input:not([type=hidden]), select, textarea, button, a[href], [role], label, [tabindex]';
  const visible = [...document.querySelectorAll(wanted)].filter((element) => element.checkVisibility());
  return visible.slice(0, most).map(find);
}

async function offersOf(frame: Frame): Promise<FoundBy[][]> {
  const code = `(${offersInPage.toString()})((${locatorFinder.toString()})(), ${mostElements})`;
  // The page is hostile, and may not answer.
  const answer = await frame.evaluate(code).catch(() => []);
  return offersSchema.safeParse(answer).data ?? [];
}

function pairsOf(text: string): Set<string> {
  const clean = ` ${text.toLowerCase()} `;
  return new Set(Array.from({ length: clean.length - 1 }, (_, at) => clean.slice(at, at + 2)));
}

/** How alike two texts are, from 0 to 1 (Dice's coefficient of their pairs of characters). */
function likeness(left: string, right: string): number {
  const [one, other] = [pairsOf(left), pairsOf(right)];
  const common = [...one].filter((pair) => other.has(pair)).length;
  return (2 * common) / (one.size + other.size);
}

/** Ranks by the texts that the step looked for, its role among them. */
function scoreOf(wanted: readonly string[], ways: readonly FoundBy[]): number {
  const best = (text: string): number => Math.max(0, ...wanted.map((each) => likeness(each, text)));
  const byText = Math.max(...ways.map((way) => best(way.text)));
  const sameRole = ways.some((way) => way.by === 'role' && wanted.includes(way.role));
  return byText + (sameRole ? 0.25 : 0);
}

async function search(page: Page, step: string): Promise<string[]> {
  const wanted = [...step.matchAll(/"((?:[^"\\]|\\.)*)"|\/(.+?)\/[a-z]*[,)]/g)].map(
    ([, text, pattern]) => text ?? pattern ?? '',
  );
  const frames = page.frames().slice(0, mostFrames);
  const found = await Promise.all(
    frames.map(async (frame) => (await offersOf(frame)).map((ways) => ({ frame, ways }))),
  );
  const ranked = found
    .flat()
    .map((offer) => ({ ...offer, score: scoreOf(wanted, offer.ways) }))
    .sort((left, right) => right.score - left.score);
  const placing = createPlacing();
  const words = new Set<string>();
  for (const { frame, ways } of ranked) {
    if (words.size === shown) break;
    words.add(locatorCode(0, await placing.place(frame, ways, true), []));
  }
  return [...words];
}

/**
 * The three things on a page that come closest to what a step looked for, as a script would name them. `step` is the step
 * in the script's own words. None when the page does not answer within two seconds.
 */
export async function nearestOn(page: Page, step: string): Promise<string[]> {
  return (
    (await within(
      2000,
      search(page, step).catch(() => []),
    )) ?? []
  );
}
