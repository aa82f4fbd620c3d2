import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import type { WebContents } from 'electron';
import { expect, onTestFinished, test } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';
import { startCdpRelay } from '../../../../electron/hosts/desktop/cdp-relay.ts';
import type { DebugEars, DebugWindow } from '../../../../electron/hosts/desktop/window-debugger.ts';

interface Fake {
  contents: WebContents;
  /** Every command that gets through. */
  commands: string[];
  ears: DebugEars | null;
  /** Of workers and frames in it. */
  below: Set<string>;
  closed: boolean;
}

/** By what the relay was given as a window. */
const fakes = new Map<WebContents, Fake>();

/** What the relay uses of a window, without Electron. */
function fakeWindow(targetId = 'first'): Fake {
  const close = (): void => {
    fake.closed = true;
    fake.ears?.onEnd();
  };
  const contents = { id: targetId, close } as unknown as WebContents;
  const fake: Fake = { contents, commands: [], ears: null, below: new Set(), closed: false };
  fakes.set(fake.contents, fake);
  return fake;
}

const debug: DebugWindow = async (contents, ears) => {
  const fake = fakes.get(contents);
  if (fake === undefined) throw new Error('Debugger is already attached to the target');
  await setImmediate();
  if (fake.closed) throw new Error('No target with given id found');
  fake.ears = ears;
  const targetId = String(contents.id);
  const sessionId = `of-${targetId}`;
  return {
    sessionId,
    has: (id) => !fake.closed && (id === sessionId || fake.below.has(id)),
    target: { targetId, type: 'page', title: '', url: '', openerId: 'a-frame' },
    async send(method) {
      fake.commands.push(method);
      return {};
    },
    end: () => undefined,
  };
};

async function relay() {
  const { contents, commands } = fakeWindow();
  const started = await startCdpRelay(contents, { debug, hidden: true });
  onTestFinished(() => started.close());
  return { ...started, contents, commands };
}

/** Opens a client; false: it was not let in. */
async function admits(url: string, options: ClientOptions = {}) {
  const socket = new WebSocket(url, options);
  onTestFinished(() => socket.terminate());
  const opened = once(socket, 'open').then(() => true);
  const refused = once(socket, 'error').then(() => false);
  return { socket, open: await Promise.race([opened.catch(() => false), refused.catch(() => false)]) };
}

test('admits no page, not under a rebound name either, and nobody without its path', async () => {
  const { endpoint, commands } = await relay();
  const { origin } = new URL(endpoint);
  expect((await admits(endpoint, { origin: 'https://evil.example' })).open).toBe(false);
  expect((await admits(endpoint, { origin: 'null' })).open).toBe(false);
  const rebound = { origin: 'http://rebound.example', headers: { host: 'rebound.example' } };
  expect((await admits(endpoint, rebound)).open).toBe(false);
  expect((await admits(`${origin}/`)).open).toBe(false);
  expect((await admits(`${endpoint}0`)).open).toBe(false);
  expect((await admits(`${origin}/${'0'.repeat(64)}`)).open).toBe(false);
  const http = await fetch(endpoint.replace('ws:', 'http:'));
  expect(http.status).toBe(404);
  expect(commands).toEqual([]);
  // It was there all the time.
  expect((await admits(endpoint)).open).toBe(true);
});

test('admits one client only', async () => {
  const { endpoint } = await relay();
  expect((await admits(endpoint)).open).toBe(true);
  expect((await admits(endpoint)).open).toBe(false);
});

test('survives what is no message, and hands nothing of it on', async () => {
  const { endpoint, commands } = await relay();
  const { socket } = await admits(endpoint);
  const forged = [
    '',
    '{',
    'null',
    '[]',
    '{"id":"1","method":"Page.navigate"}',
    '{"id":1}',
    '{"id":1,"method":{}}',
  ];
  for (const text of [...forged, `{"id":1,"method":"Page.navigate","params":[]}`, '['.repeat(100_000)])
    socket.send(text);
  socket.send(Buffer.from([0xff, 0xfe, 0]));
  socket.send(JSON.stringify({ id: 7, method: 'Browser.close' }));
  const [answer] = await once(socket, 'message');
  expect(JSON.parse(String(answer))).toMatchObject({
    id: 7,
    error: { message: 'Browser.close is not relayed' },
  });
  expect(commands).toEqual([]);
});

/** A client that asks to be told of windows, and of what it was told so far. */
async function attached() {
  const started = await relay();
  const { socket } = await admits(started.endpoint);
  const told: { id?: number; method?: string; params?: unknown; error?: { message: string } }[] = [];
  socket.on('message', (data) => told.push(JSON.parse(String(data))));
  let count = 0;
  const ask = async (method: string, more: { params?: object; sessionId?: string } = {}) => {
    count += 1;
    const id = count;
    socket.send(JSON.stringify({ id, method, ...more }));
    await expect.poll(() => told.some((message) => message.id === id)).toBe(true);
    return told.find((message) => message.id === id);
  };
  await ask('Target.setAutoAttach');
  return { ...started, socket, told, ask };
}

test('announces a window that another one opens, with that one, and holds it until it is let go on', async () => {
  const { add, contents, told, ask } = await attached();
  const popup = fakeWindow('second');
  let goesOn: boolean | null = null;
  const held = add(popup.contents, contents).then((yes) => {
    goesOn = yes;
  });
  await expect.poll(() => told.at(-1)).toMatchObject({ method: 'Target.attachedToTarget' });
  expect(told.at(-1)?.params).toMatchObject({
    ...{ sessionId: 'of-second', waitingForDebugger: true },
    targetInfo: { targetId: 'second', type: 'page', openerId: 'first', browserContextId: 'consent' },
  });
  await ask('Page.enable', { sessionId: 'of-second' });
  expect(goesOn).toBe(null);
  const others = await ask('Target.attachToTarget', { sessionId: 'of-second', params: { targetId: 'x' } });
  expect(others?.error?.message).toBe('Target.attachToTarget is not relayed');
  await ask('Runtime.runIfWaitingForDebugger', { sessionId: 'of-second' });
  await held;
  expect([goesOn, popup.commands]).toEqual([true, ['Page.enable', 'Runtime.runIfWaitingForDebugger']]);
  await ask('Target.closeTarget', { params: { targetId: 'second' } });
  expect(told).toContainEqual({
    method: 'Target.detachedFromTarget',
    params: { sessionId: 'of-second', targetId: 'second' },
  });
  expect((await ask('Page.enable', { sessionId: 'of-second' }))?.error?.message).toBe('The session is over.');
});

test("hands a frame's commands to the window that it is in", async () => {
  const { add, contents, ask, told } = await attached();
  const popup = fakeWindow('second');
  add(popup.contents, contents).catch(() => undefined);
  await expect.poll(() => told.some(({ params }) => JSON.stringify(params)?.includes('second'))).toBe(true);
  popup.below.add('frame');
  await ask('Runtime.enable', { sessionId: 'frame' });
  expect(popup.commands).toEqual(['Runtime.enable']);
});

test('lets no window go on once the client has left, or the window', async () => {
  const { add, contents, socket } = await attached();
  const gone = fakeWindow('gone');
  const closed = add(gone.contents, contents);
  gone.contents.close();
  expect(await closed).toBe(false);
  const waiting = add(fakeWindow('waiting').contents, contents);
  socket.terminate();
  expect(await waiting).toBe(false);
  expect(await add(fakeWindow('late').contents, contents)).toBe(false);
});

test('takes a window that something else debugs for one that did not come, and takes the next', async () => {
  const debugged = {} as WebContents;
  await expect(startCdpRelay(debugged, { debug, hidden: true })).rejects.toThrow('already attached');
  const { add, contents, told } = await attached();
  expect(await add(debugged, contents)).toBe(false);
  void add(fakeWindow('next').contents, contents);
  await expect.poll(() => told.at(-1)).toMatchObject({ params: { targetInfo: { targetId: 'next' } } });
  expect(told.filter(({ method }) => method === 'Target.attachedToTarget')).toHaveLength(2);
});
