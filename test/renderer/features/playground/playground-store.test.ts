import { describe, expect, it } from 'vitest';
import { withSeconds } from '../../../../renderer/features/playground/playground-store.ts';
import { playgroundSettingsSchema } from '../../../../shared/model/playground.ts';

const settings = playgroundSettingsSchema.parse({});

describe('playground seconds', () => {
  it('takes a whole number of seconds', () => {
    expect(withSeconds(settings, 'accessLifetimeSeconds', ' 5 ')).toMatchObject({
      kind: 'valid',
      settings: { accessLifetimeSeconds: 5 },
    });
  });

  it.each(['', '0', '-1', '1.5', '1e9', 'soon'])('refuses %j', (text) => {
    expect(withSeconds(settings, 'accessLifetimeSeconds', text).kind).toBe('invalid');
  });

  it.each([
    ['-90', -90],
    ['0', 0],
    [' 86400', 86_400],
  ])('lets the clock be ahead or behind: %j', (text, seconds) => {
    expect(withSeconds(settings, 'clockAheadSeconds', text)).toEqual({
      kind: 'valid',
      settings: { ...settings, clockAheadSeconds: seconds },
    });
  });

  it.each(['', '86401', '-86401', '0.5', 'NaN', 'Infinity'])('keeps the clock from %j', (text) => {
    expect(withSeconds(settings, 'clockAheadSeconds', text)).toEqual({
      kind: 'invalid',
      issue: 'A whole number of seconds, -86400 to 86400',
    });
  });
});
