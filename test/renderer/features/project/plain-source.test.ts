import { expect, test } from 'vitest';
import { plainSource } from '../../../../renderer/features/project/plain-source.ts';

test('shows characters that show nothing, or turn the direction of others', () => {
  expect(plainSource('a\u202Eb\u2066c\u200Bd\uFEFFe\u0000f\u2028g\u{E0041}')).toBe(
    'a\\u{202E}b\\u{2066}c\\u{200B}d\\u{FEFF}e\\u{0}f\\u{2028}g\\u{E0041}',
  );
});

test('leaves a script as it is written', () => {
  const source = "await page.getByLabel('Größe 日本 👩').click();\n\tlog('<b>');\n";
  expect(plainSource(source)).toBe(source);
  expect(plainSource('a\r\nb\rc')).toBe('a\nb\\u{D}c');
});
