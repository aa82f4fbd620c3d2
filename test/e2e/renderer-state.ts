import { type Browser, chromium, type Page } from 'playwright-core';
import { findChromium } from '../../electron/consent/browsers/find-chromium.ts';
import type { Place } from '../integration/secrets/markers.ts';

/** V8 shortens longer strings in a heap snapshot: what stands behind would not be found. */
const wholeStrings = '--js-flags=--heap-snapshot-string-limit=500000000';

/** Parameters of a Chromium, or of Electron, whose heap can be searched whole. */
export const searchable = [wholeStrings];

/** Starts a Chromium whose heap can be searched whole. */
export async function launchSearchable(): Promise<Browser> {
  const found = await findChromium();
  if (found === null) throw new Error('there is no Chromium here');
  const { executablePath, args, env } = found;
  return chromium.launch({ executablePath, args: [...args, ...searchable], env: { ...process.env, ...env } });
}

/** Everything that lives in a page's JavaScript heap after a garbage collection, strings above all. */
export async function heapOf(page: Page): Promise<string> {
  const session = await page.context().newCDPSession(page);
  const chunks: string[] = [];
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk));
  await session.send('HeapProfiler.enable');
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  await session.detach();
  return chunks.join('');
}

/** Everything that a page holds: its heap, its document, what its fields show, and what it has stored. */
export async function stateOf(page: Page): Promise<Place[]> {
  const stored = await page.evaluate(() => ({
    fields: [...document.querySelectorAll('input, textarea')].map((field) =>
      'value' in field ? String(field.value) : '',
    ),
    local: JSON.stringify({ ...localStorage }),
    session: JSON.stringify({ ...sessionStorage }),
    history: JSON.stringify(history.state) ?? '',
    address: location.href,
    cookies: document.cookie,
  }));
  const { fields, ...texts } = stored;
  return [
    { name: 'the heap', text: await heapOf(page) },
    { name: 'the document', text: await page.content() },
    ...fields.map((text) => ({ name: 'a field', text })),
    ...Object.entries(texts).map(([name, text]) => ({ name: `the page's ${name}`, text })),
  ];
}
