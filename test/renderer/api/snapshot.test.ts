import { describe, expect, it } from 'vitest';
import { applyEvents, noTokens, type Snapshot, statusKey } from '../../../renderer/api/snapshot.ts';
import type { EngineEvent } from '../../../shared/contract/events.ts';
import { keptTokenEvents } from '../../../shared/model/token.ts';
import { emptyStatus, sampleProject, tokenEvent } from '../fake-engine.ts';

const empty: Snapshot = {
  info: { host: 'web', version: '0', canChooseFolder: false, projectsFolder: '/p' },
  settings: { theme: 'system', environment: null, personas: {}, recentProjects: [] },
  vault: { kind: 'open', protection: 'memory', problems: [] },
  project: { kind: 'open', project: sampleProject(), trusted: true },
  playground: { kind: 'stopped' },
  tokens: noTokens,
  testRuns: {},
  recordings: {},
};

function told(from: number, count: number): EngineEvent[] {
  return Array.from({ length: count }, (_, index) => ({
    kind: 'token_event',
    event: tokenEvent(`event ${from + index}`, from + index),
  }));
}

function ids({ tokens }: Snapshot): string[] {
  return tokens.events.map(({ id }) => id);
}

describe('applying events', () => {
  it('keeps the newest ten thousand token events, the oldest go first', () => {
    let snapshot = empty;
    for (let from = 0; from < 12_000; from += 1_500) {
      snapshot = applyEvents(snapshot, told(from, 1_500)).snapshot;
    }
    expect(snapshot.tokens.events).toHaveLength(keptTokenEvents);
    expect(ids(snapshot)[0]).toBe('event 2000');
    expect(ids(snapshot).at(-1)).toBe('event 11999');
  });

  it('keeps the newest of one batch that is larger than all that is kept', () => {
    const { snapshot } = applyEvents(empty, told(0, keptTokenEvents + 5));
    expect(ids(snapshot)[0]).toBe('event 5');
    expect(snapshot.tokens.events).toHaveLength(keptTokenEvents);
  });

  it('takes an event told twice once: in one batch, in the next, and against what was read', () => {
    const first = applyEvents(empty, [...told(0, 2), ...told(1, 2)]).snapshot;
    expect(ids(first)).toEqual(['event 0', 'event 1', 'event 2']);
    expect(applyEvents(first, told(0, 3)).snapshot).toBe(first);
    const read: Snapshot = { ...first, tokens: { ...first.tokens, events: [tokenEvent('event 9')] } };
    expect(ids(applyEvents(read, told(8, 2)).snapshot)).toEqual(['event 9', 'event 8']);
  });

  it('leaves the snapshot before as it was, and adds to it again just the same', () => {
    const one = applyEvents(empty, told(0, 1)).snapshot;
    const two = applyEvents(one, told(1, 1)).snapshot;
    const other = applyEvents(one, told(1, 2)).snapshot;
    expect([ids(empty), ids(one), ids(two), ids(other)]).toEqual([
      [],
      ['event 0'],
      ['event 0', 'event 1'],
      ['event 0', 'event 1', 'event 2'],
    ]);
  });

  it('takes an event that went out of what is kept for a new one, as it cannot know better', () => {
    const full = applyEvents(empty, told(0, keptTokenEvents + 1)).snapshot;
    expect(ids(applyEvents(full, told(0, 1)).snapshot).at(-1)).toBe('event 0');
  });

  it('applies the last of several statuses of one token set, and keeps personas apart', () => {
    const { snapshot } = applyEvents(empty, [
      { kind: 'token_status', status: emptyStatus('orders', { refreshShown: true }) },
      { kind: 'token_status', status: emptyStatus('orders', { persona: 'admin' }) },
      { kind: 'token_status', status: emptyStatus('orders') },
    ]);
    expect(snapshot.tokens.statuses).toEqual({
      [statusKey('orders', 'default')]: emptyStatus('orders'),
      [statusKey('orders', 'admin')]: emptyStatus('orders', { persona: 'admin' }),
    });
  });

  it.each<[string, EngineEvent, string]>([
    ['an edit of the project', { kind: 'project', state: empty.project }, 'secrets'],
    ['another project', { kind: 'project', state: { kind: 'closed' } }, 'tokens'],
    ['the vault when it was open before', { kind: 'vault', status: empty.vault }, 'nothing'],
    ['settings with the same environment', { kind: 'settings', settings: empty.settings }, 'nothing'],
    [
      'settings with another environment',
      { kind: 'settings', settings: { ...empty.settings, environment: 'staging' } },
      'tokens',
    ],
  ])('says what to read again after %s', (_, event, readAgain) => {
    expect(applyEvents(empty, [event]).readAgain).toBe(readAgain);
    expect(applyEvents(empty, [event, { kind: 'project', state: { kind: 'closed' } }]).readAgain).toBe(
      'tokens',
    );
  });

  it('reads tokens again also when an edit of the project follows', () => {
    const other: EngineEvent = {
      kind: 'project',
      state: { kind: 'open', project: sampleProject('/other'), trusted: true },
    };
    expect(applyEvents(empty, [other, other]).readAgain).toBe('tokens');
  });
});

it('makes a key of its own for each profile and persona', () => {
  expect(statusKey('a', 'b","c')).not.toBe(statusKey('a","b', 'c'));
});
