import { expect, it } from 'vitest';
import { keptMap } from '../../../electron/network/kept-map.ts';
import { plainNetwork } from '../../../electron/network/resolved-network.ts';
import { createOAuthContexts } from '../../../electron/oauth/network-contexts.ts';
import { startConnections } from '../../fixtures/connections.ts';
import { through } from '../../fixtures/networks.ts';

it('makes each thing once, and drops the one whose use is the longest ago', () => {
  const dropped: string[] = [];
  const made: string[] = [];
  const kept = keptMap<string>(2, (value) => dropped.push(value));
  const take = (key: string) =>
    kept.take(key, () => {
      made.push(key);
      return key.toUpperCase();
    });
  expect([take('a'), take('b'), take('a'), take('c'), take('a')]).toEqual(['A', 'B', 'A', 'C', 'A']);
  expect([made, dropped]).toEqual([['a', 'b', 'c'], ['B']]);
  expect(kept.clear()).toEqual(['C', 'A']);
  expect(take('a')).toBe('A');
  expect([made, dropped]).toEqual([['a', 'b', 'c', 'a'], ['B']]);
});

it('keeps nothing of what could not be made', () => {
  const kept = keptMap<number>(2);
  const failing = () => {
    throw new Error('not made');
  };
  expect(() => kept.take('a', failing)).toThrow('not made');
  expect(kept.take('a', () => 1)).toBe(1);
});

it('keeps the connections to a server in use, however many others a proxy leads to', async () => {
  const connections = startConnections();
  const network = through('http://proxy.example:8080');
  const wayTo = async (host: string) =>
    (await connections.way(network, new URL(`https://${host}/`), { keep: true })).dispatcher;
  const first = await wayTo('api.orders.test');
  const idle = await wayTo('idle.orders.test');
  for (let count = 0; count < 40; count += 1) {
    await wayTo(`host-${count}.orders.test`);
    expect(await wayTo('api.orders.test')).toBe(first);
  }
  expect(idle).toMatchObject({ closed: true });
  expect(first).toMatchObject({ closed: false });
});

it('keeps what a network in use has discovered, however many others there are', () => {
  const contexts = createOAuthContexts({
    connections: startConnections(),
    now: Date.now,
  });
  const first = contexts.for(plainNetwork);
  for (let count = 1; count < 80; count += 1) {
    contexts.for({ ...plainNetwork, tokenTimeoutMs: count });
    expect(contexts.for({ ...plainNetwork })).toBe(first);
  }
});
