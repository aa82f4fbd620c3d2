import { describe, expect, it } from 'vitest';
import {
  type EventFilter,
  filterEvents,
  newestFirst,
} from '../../../../renderer/features/history/event-filter.ts';
import { tokenEvent } from '../../fake-engine.ts';

const everything: EventFilter = { profile: null, what: 'all', text: '' };

const events = [
  tokenEvent('got', 1, { title: 'Obtained by consent, unattended', persona: 'Alice' }),
  tokenEvent('refused', 2, {
    kind: 'refresh_refused',
    title: 'Refresh refused: invalid_grant',
    detail: 'the refresh token was dropped, consent follows',
  }),
  tokenEvent('billing', 3, { profile: 'billing', kind: 'sent_expired', title: 'GET /bills <script>' }),
  tokenEvent('log', 4, { kind: 'script_log', title: 'Seite geöffnet', detail: 'مرحبا 🔑' }),
];

function ids(filter: Partial<EventFilter>): string[] {
  return filterEvents(events, { ...everything, ...filter }).map(({ id }) => id);
}

describe('event filter', () => {
  it('lets everything through in the order given when nothing is asked for', () => {
    expect(ids({})).toEqual(['got', 'refused', 'billing', 'log']);
    expect(ids({ text: '  \t ' })).toEqual(ids({}));
  });

  it('keeps to one profile', () => {
    expect(ids({ profile: 'billing' })).toEqual(['billing']);
    expect(ids({ profile: 'unknown' })).toEqual([]);
  });

  it('shows as problems what went wrong and what may surprise', () => {
    expect(ids({ what: 'problems' })).toEqual(['refused', 'billing']);
  });

  it('looks for words in title, detail and persona, in upper or lower case', () => {
    expect(ids({ text: 'UNATTENDED' })).toEqual(['got']);
    expect(ids({ text: 'dropped' })).toEqual(['refused']);
    expect(ids({ text: 'alice' })).toEqual(['got']);
    expect(ids({ text: 'GEÖFFNET' })).toEqual(['log']);
    expect(ids({ text: 'مرحبا' })).toEqual(['log']);
    expect(ids({ text: '🔑' })).toEqual(['log']);
  });

  it('wants every word, wherever it stands', () => {
    expect(ids({ text: 'follows invalid_grant' })).toEqual(['refused']);
    expect(ids({ text: 'follows alice' })).toEqual([]);
  });

  it('takes what is typed as text, not as a pattern', () => {
    expect(ids({ text: '.*' })).toEqual([]);
    expect(ids({ text: '<script>' })).toEqual(['billing']);
    expect(ids({ text: '(' })).toEqual([]);
  });

  it('joins all its parts', () => {
    expect(ids({ profile: 'orders', what: 'problems', text: 'refresh' })).toEqual(['refused']);
    expect(ids({ profile: 'billing', what: 'problems', text: 'refresh' })).toEqual([]);
  });
});

it('puts the newest first, and of two at the same millisecond the later told one', () => {
  const told = [tokenEvent('a', 5), tokenEvent('b', 5), tokenEvent('late', 3), tokenEvent('c', 9)];
  expect(newestFirst(told).map(({ id }) => id)).toEqual(['c', 'b', 'a', 'late']);
});
