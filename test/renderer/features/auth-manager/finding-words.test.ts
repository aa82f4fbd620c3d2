import { expect, it } from 'vitest';
import { countWords } from '../../../../renderer/features/auth-manager/finding-words.ts';
import type { Severity } from '../../../../shared/model/finding.ts';

it.each<[Severity[], string | undefined]>([
  [[], undefined],
  [['note'], '1 note'],
  [['note', 'note'], '2 notes'],
  [['low'], '1 finding, low'],
  [['high', 'high'], '2 findings, all high'],
  [['note', 'high', 'medium', 'high'], '4 findings, 2 high'],
])('findings of %o are %s', (severities, text) => {
  const findings = severities.map((severity) => ({ code: 'x', text: 'X.', source: 'RFC 1', severity }));
  expect(countWords(findings)?.text).toBe(text);
});
