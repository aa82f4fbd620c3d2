import { afterEach, beforeEach, expect, test } from 'vitest';
import { hideLoadWarnings } from '../../../../electron/hosts/desktop/load-warnings.ts';

const before = process.listeners('warning');
const shown: string[] = [];

beforeEach(() => {
  process.removeAllListeners('warning');
  process.on('warning', ({ message }) => shown.push(message));
});
afterEach(() => {
  process.removeAllListeners('warning');
  for (const listener of before) process.on('warning', listener);
});

test('keeps addresses that could not be loaded from the log, and shows other warnings once', () => {
  hideLoadWarnings();
  process.emit('warning', new Error('Failed to load URL: http://a.test/?code=marker with error: ERR_FAILED'));
  process.emit('warning', new Error('something else'));
  expect(shown).toEqual(['something else']);
});
