import { expect, it } from 'vitest';
import { placeOf } from '../../../../renderer/features/auth-manager/approval-words.ts';

it.each([
  ['https://id.example.com/device', 'id.example.com/device'],
  ['https://id.example.com/', 'id.example.com'],
  ['https://id.example.com/?tenant=a', 'id.example.com/?tenant=a'],
  ['https://id.example.com:8443/device?tenant=a&x=1', 'id.example.com:8443/device?tenant=a&x=1'],
  ['http://127.0.0.1:4001/device', 'http://127.0.0.1:4001/device'],
  ['http://127.0.0.1:4001/', 'http://127.0.0.1:4001'],
])('%s is typed as %s', (url, typed) => {
  expect(placeOf(url)).toBe(typed);
});
