import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { seal, unseal } from '../../../electron/tokens/sealing.ts';

const key = randomBytes(32);
const plain = Buffer.from('a marker secret');

test('opens only with the same key and the same name', () => {
  const sealed = seal(key, 'token/a', plain);
  expect(unseal(key, 'token/a', sealed)).toEqual(plain);
  expect(unseal(key, 'token/b', sealed)).toBeUndefined();
  expect(unseal(randomBytes(32), 'token/a', sealed)).toBeUndefined();
});

test('notices every single changed bit', () => {
  const bytes = Buffer.from(seal(key, 'n', plain), 'base64');
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const changed = Buffer.from(bytes);
    changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    expect(unseal(key, 'n', changed.toString('base64'))).toBeUndefined();
  }
});

test.each(['', 'AAAA', '!', 'x'.repeat(1000)])('refuses garbage', (garbage) => {
  expect(unseal(key, 'n', garbage)).toBeUndefined();
});

test('never seals the same text the same way', () => {
  expect(seal(key, 'n', plain)).not.toBe(seal(key, 'n', plain));
});
