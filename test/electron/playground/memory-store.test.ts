import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../../electron/playground/memory-store.ts';

describe('the memory store', () => {
  it('keeps models apart and forgets an entry exactly when its time is over', async () => {
    let now = 500;
    const store = createMemoryStore(() => now);
    await store.adapter('AccessToken').upsert('a', { exp: 2 }, 1);
    expect(await store.adapter('RefreshToken').find('a')).toBeUndefined();
    now = 1499;
    expect(await store.adapter('AccessToken').find('a')).toEqual({ exp: 3 });
    now = 1500;
    expect(await store.adapter('AccessToken').find('a')).toBeUndefined();
  });

  it('hands out copies, so that nothing changes what is stored by accident', async () => {
    const tokens = createMemoryStore(() => 0).adapter('RefreshToken');
    await tokens.upsert('a', { params: { scope: 'x' } }, 1);
    const found = await tokens.find('a');
    if (found?.params) found.params.scope = 'y';
    expect(await tokens.find('a')).toEqual({ params: { scope: 'x' } });
  });

  it('revokes what belongs to a grant, of any model, and nothing else', async () => {
    const store = createMemoryStore(() => 0);
    await store.adapter('AccessToken').upsert('a', { grantId: 'g' }, 1);
    await store.adapter('RefreshToken').upsert('r', { grantId: 'g' }, 1);
    await store.adapter('RefreshToken').upsert('s', { grantId: 'h' }, 1);
    await store.adapter('AccessToken').revokeByGrantId('g');
    expect(await store.adapter('AccessToken').find('a')).toBeUndefined();
    expect(await store.adapter('RefreshToken').find('r')).toBeUndefined();
    expect(await store.adapter('RefreshToken').find('s')).toEqual({ grantId: 'h' });
  });

  it('lets the longest unused go when it is full', async () => {
    const tokens = createMemoryStore(() => 0).adapter('AccessToken');
    await tokens.upsert('used', {}, 1);
    await tokens.upsert('unused', {}, 1);
    await tokens.find('used');
    for (let index = 0; index < 19_999; index += 1) await tokens.upsert(`${index}`, {}, 1);
    expect(await tokens.find('used')).toEqual({});
    expect(await tokens.find('unused')).toBeUndefined();
  });
});
