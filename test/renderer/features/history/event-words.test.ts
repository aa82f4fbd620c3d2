import { describe, expect, it } from 'vitest';
import {
  eventDetail,
  eventTone,
  isProblem,
  triggerWords,
  waitedWords,
} from '../../../../renderer/features/history/event-words.ts';
import { tokenEventKindSchema, triggerSchema } from '../../../../shared/model/token.ts';
import { tokenEvent } from '../../fake-engine.ts';

describe('event words', () => {
  it('tells the duration once', () => {
    expect(eventDetail(tokenEvent('a', 0, { durationMs: 212.4, detail: 'new refresh token stored' }))).toBe(
      '212 ms · new refresh token stored',
    );
    expect(eventDetail(tokenEvent('a', 0, { durationMs: 1_400, detail: '1.4 s, 4 steps' }))).toBe(
      '1.4 s, 4 steps',
    );
    expect(eventDetail(tokenEvent('a', 0, { durationMs: 5 }))).toBe('5 ms');
    expect(eventDetail(tokenEvent('a'))).toBe('');
  });

  it('says which requests waited', () => {
    const waited = (names: string[], count: number) =>
      waitedWords(tokenEvent('a', 0, { waited: names, waitedCount: count }));
    expect(waited([], 0)).toBeNull();
    expect(waited(['List orders'], 1)).toBe('List orders waited');
    expect(waited(['List orders', 'Refund'], 1_000)).toMatch(/^List orders and 999 more waited$/);
    expect(waited(['List orders', 'Refund'], 2)).toBe('List orders and 1 more waited');
    expect(waited([], 3)).toBe('3 waited');
    expect(waited(['List orders'], 0)).toBeNull();
  });

  it('has words for every trigger and a colour for every kind', () => {
    expect(new Set(triggerSchema.options.map(triggerWords)).size).toBe(triggerSchema.options.length);
    expect(tokenEventKindSchema.options.map(eventTone)).not.toContain(undefined);
  });

  it('counts failures and surprises as problems, and nothing that went as asked', () => {
    expect(tokenEventKindSchema.options.filter(isProblem)).toEqual([
      'refresh_refused',
      'refresh_failed',
      'obtain_failed',
      'sent_expired',
      'rejected_by_api',
      'not_sent',
      'became_stale',
      'clock_differs',
      'end_failed',
    ]);
  });
});
