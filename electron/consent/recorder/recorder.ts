import { randomBytes } from 'node:crypto';
import type { Frame, Page } from 'playwright-core';
import { hostOf } from '../automation/allowed-hosts.ts';
import type { ScriptVars } from '../redact.ts';
import { within } from '../within.ts';
import { createFieldValues, type MissingValue } from './field-values.ts';
import { locatorFinder } from './locator-finder.ts';
import { envelopeSchema, type Message, messageSchema } from './messages.ts';
import { capture } from './page-capture.ts';
import { createPlacing, type Place } from './placing.ts';
import { type RecordedStep, writeScript } from './script-writer.ts';

/** A script that does what a person did, and what it needs to do it unattended. */
export interface RecordedScript {
  source: string;
  /** Values that it reads and the persona does not have. */
  missing: MissingValue[];
  /** Hosts that it sends values to and may not yet. */
  hosts: string[];
}

/** What is known before a recording begins. */
export interface RecordingStart {
  /** The persona's values, which are recognised when they are typed. */
  vars: ScriptVars;
  /** Whether a script may send values to a page of this address now. */
  mayType: (url: string) => boolean;
  /** Hears how many steps there are so far. */
  onStep?: ((steps: number) => void) | undefined;
  /** Hears what stands in a field now; `step` tells which of them it is. */
  onTyped?: ((step: number, value: string) => void) | undefined;
}

/** A recording under way on a page, its frames and its popups. */
export interface Recording {
  /** Ends it and writes the script. */
  finish(): Promise<RecordedScript>;
}

/** Pages are not trusted to stop by themselves. */
const limits = { messages: 20_000, steps: 300, pages: 10 };
/** Milliseconds until what a page has told just before the redirect must be here, and found. */
const patienceMs = { telling: 2_000, finding: 10_000 };

type Told = Exclude<Message, { kind: 'here' } | { kind: 'aim' }>;
type Entry =
  | { kind: 'told'; key: string; page: number; host: string; told: Told; places: Promise<Place[]> }
  | { kind: 'popup'; key: string; page: number; opener: Promise<number> };

/** What an action does to: a field that is typed into once more is the same one. */
function keyOf(page: number, frame: number, told: Told): string {
  return JSON.stringify([page, frame, told.kind, told.kind === 'code' ? told.boxes : told.at]);
}

/** Whether one more message is about the same action, as one key more of a field is. */
function continues(entry: Entry | undefined, key: string, { kind }: Told): boolean {
  return entry?.key === key && (kind === 'fill' || kind === 'code' || kind === 'select');
}

/** Whether the script sends the page something there, and so needs the host's permission. */
function sendsText({ kind }: Told): boolean {
  return kind === 'fill' || kind === 'code' || kind === 'select' || kind === 'enter';
}

const randomName = (): string => `_${randomBytes(12).toString('hex')}`;

/** Begins to record what a person does on a page that is still empty. */
export async function startRecording(page: Page, start: RecordingStart): Promise<Recording> {
  const context = page.context();
  const placing = createPlacing();
  const pages: Page[] = [page];
  const frames: Frame[] = [];
  const secretKey = randomName();
  const entries: Entry[] = [];
  const hosts = new Set<string>();
  let messages = 0;
  let over = false;

  const indexIn = <Item>(list: Item[], item: Item): number => {
    const index = list.indexOf(item);
    return index === -1 ? list.push(item) - 1 : index;
  };

  /** Null: there are more pages than are recorded. */
  const numberOf = (one: Page): number | null =>
    pages.includes(one) || pages.length < limits.pages ? indexIn(pages, one) : null;

  function add(frame: Frame, told: Told): void {
    const at = numberOf(frame.page());
    if (at === null) return;
    const key = keyOf(at, indexIn(frames, frame), told);
    const last = entries.at(-1);
    const ways = told.kind === 'code' ? told.boxes : [told.at];
    // A list or a tick may send its form at once.
    const stays = told.kind === 'fill' || told.kind === 'code';
    const places = Promise.all(ways.map((each) => placing.place(frame, each, stays)));
    // It is awaited when the script is written.
    places.catch(() => undefined);
    const host = hostOf(frame.url()) ?? '';
    const entry: Entry = { kind: 'told', key, page: at, host, told, places };
    if (continues(last, key, told)) entries[entries.length - 1] = entry;
    else if (entries.length < limits.steps) entries.push(entry);
    if (sendsText(told) && host !== '' && !start.mayType(frame.url())) hosts.add(host);
    if (told.kind === 'fill') start.onTyped?.(entries.lastIndexOf(entry), told.value);
    start.onStep?.(entries.filter(({ kind }) => kind === 'told').length);
  }

  function receive(frame: Frame, said: unknown): void {
    const sent = envelopeSchema.safeParse(said);
    if (over || !sent.success || sent.data.key !== secretKey) return;
    messages += 1;
    if (messages > limits.messages) return;
    const message = messageSchema.safeParse(sent.data.message);
    if (!message.success) return;
    if (message.data.kind === 'here') placing.meet(frame);
    else if (message.data.kind === 'aim') placing.place(frame, message.data.at, false).catch(() => undefined);
    else add(frame, message.data);
  }

  context.on('page', (popup) => {
    const at = over ? null : numberOf(popup);
    if (at === null) return;
    const opener = popup.opener().then((one) => (one === null ? 0 : (numberOf(one) ?? 0)));
    opener.catch(() => undefined);
    entries.push({ kind: 'popup', key: '', page: at, opener });
  });

  const binding = randomName();
  await context.exposeBinding(binding, ({ frame }, said: unknown) => receive(frame, said));
  // Strict, so that no function of the page can ask who called it.
  await context.addInitScript(
    `(() => { 'use strict'; (${capture})((${locatorFinder})(), '${binding}', '${secretKey}'); })();`,
  );

  /** Waits until what was told before has come: an answer of the page comes after it. */
  async function settle(): Promise<void> {
    const open = context.pages().flatMap((one) => one.frames());
    await within(patienceMs.telling, Promise.allSettled(open.map((frame) => frame.evaluate('0'))));
  }

  async function steps(values: ReturnType<typeof createFieldValues>): Promise<RecordedStep[]> {
    const found: RecordedStep[] = [];
    for (const entry of entries) {
      if (entry.kind === 'popup') {
        const opener =
          (await within(
            patienceMs.finding,
            entry.opener.catch(() => 0),
          )) ?? 0;
        found.push({ kind: 'popup', page: entry.page, opener });
        continue;
      }
      const places = await within(
        patienceMs.finding,
        entry.places.catch(() => []),
      );
      const { told, page: at, host } = entry;
      const [place] = places ?? [];
      if (place === undefined) continue;
      if (told.kind === 'code')
        found.push({ kind: 'code', page: at, host, places: places ?? [], typed: values.code() });
      else if (told.kind === 'select') found.push({ kind: 'select', page: at, place, values: told.values });
      else if (told.kind !== 'fill') found.push({ kind: told.kind, page: at, place });
      else if (told.value !== '') {
        const typed = values.typed(JSON.stringify([at, place]), told.field, told.value);
        found.push({ kind: 'fill', page: at, host, place, typed });
      }
    }
    return found;
  }

  return {
    async finish() {
      await settle();
      over = true;
      const values = createFieldValues(start.vars);
      const done = await steps(values);
      return { source: writeScript(done, values.known()), missing: values.missing(), hosts: [...hosts] };
    },
  };
}
