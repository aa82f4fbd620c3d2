import { EventEmitter, once } from 'node:events';
import type { WebContents } from 'electron';
import { expect, onTestFinished, test } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';
import { startCdpRelay } from '../../../../electron/hosts/desktop/cdp-relay.ts';

/** What the relay uses of a window, without Electron; it notes every command that gets through. */
async function relay() {
  const commands: string[] = [];
  const debug = Object.assign(new EventEmitter(), {
    attach: () => undefined,
    detach: () => undefined,
    isAttached: () => true,
    async sendCommand(method: string) {
      commands.push(method);
      return {};
    },
  });
  const contents = { debugger: debug, isDestroyed: () => false, getUserAgent: () => 'test' };
  const started = await startCdpRelay(contents as unknown as WebContents, { hidden: true });
  onTestFinished(() => started.close());
  return { ...started, commands };
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
