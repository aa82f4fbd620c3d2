import { describe, expect, it } from 'vitest';
import { withLifetime } from '../../../../renderer/features/playground/playground-store.ts';
import { playgroundSettingsSchema } from '../../../../shared/model/playground.ts';

const settings = playgroundSettingsSchema.parse({});

describe('playground lifetimes', () => {
  it('takes a whole number of seconds', () => {
    expect(withLifetime(settings, 'accessLifetimeSeconds', ' 5 ')).toMatchObject({
      kind: 'valid',
      settings: { accessLifetimeSeconds: 5 },
    });
  });

  it.each(['', '0', '-1', '1.5', '1e9', 'soon'])('refuses %j', (text) => {
    expect(withLifetime(settings, 'accessLifetimeSeconds', text).kind).toBe('invalid');
  });
});
