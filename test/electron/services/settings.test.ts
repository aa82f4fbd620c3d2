import { expect, test } from 'vitest';
import { memorySettings, SettingsService } from '../../../electron/services/settings.ts';

const settingsWith = (trustedProjects: unknown) => new SettingsService(memorySettings({ trustedProjects }));

test('trusts the one folder that was said, and no more once it is taken back', () => {
  const settings = settingsWith([]);
  settings.setTrust('/projects/a', true);
  settings.setTrust('/projects/b', true);
  settings.setTrust('/projects/a', true);
  expect(settings.get('trustedProjects')).toEqual(['/projects/a', '/projects/b']);
  settings.setTrust('/projects/a', false);
  expect(['/projects/a', '/projects/b'].map((folder) => settings.trusts(folder))).toEqual([false, true]);
});

test('a folder that is only like a trusted one is not trusted', () => {
  const settings = settingsWith(['/projects/a']);
  const likes = ['/projects', '/projects/a/', '/projects/a/b', '/projects/A', '/projects/../projects/a', ''];
  expect(likes.filter((folder) => settings.trusts(folder))).toEqual([]);
});

test.each([
  undefined,
  null,
  true,
  '*',
  '/projects/a',
  { 0: '/projects/a' },
  ['/projects/a', 1],
  [['/projects/a']],
])('a settings file that says %j trusts nothing', (hostile) => {
  expect(settingsWith(hostile).trusts('/projects/a')).toBe(false);
});
