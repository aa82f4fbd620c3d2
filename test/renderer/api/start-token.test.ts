import { describe, expect, it } from 'vitest';
import { takeStartToken } from '../../../renderer/api/start-token.ts';

function page(hash: string, kept: string | null = null) {
  const addresses: string[] = [];
  let stored = kept;
  return {
    addresses,
    window: {
      location: { hash, pathname: '/', search: '' },
      history: { replaceState: (_data: unknown, _unused: string, url: string) => addresses.push(url) },
      sessionStorage: {
        getItem: () => stored,
        setItem: (_key: string, value: string) => {
          stored = value;
        },
      },
    },
  };
}

describe('start token', () => {
  it('is taken from the address, and removed from it', () => {
    const { window, addresses } = page('#token=abc');
    expect(takeStartToken(window)).toBe('abc');
    expect(addresses).toEqual(['/']);
    expect(takeStartToken({ ...window, location: { ...window.location, hash: '' } })).toBe('abc');
  });

  it('is the kept one after a reload, and undefined when there never was one', () => {
    expect(takeStartToken(page('', 'kept').window)).toBe('kept');
    expect(takeStartToken(page('#token=').window)).toBeUndefined();
  });
});
