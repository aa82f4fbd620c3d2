import { expect, it } from 'vitest';
import { countWords, severityWords } from '../../../../renderer/features/auth-manager/finding-words.ts';
import { type Severity, severitySchema } from '../../../../shared/model/finding.ts';

const found = (severity: Severity) => ({
  code: severity,
  text: 'X.',
  source: 'RFC 6749 section 5.1',
  severity,
});

it.each<[Severity[], string | undefined, string | undefined]>([
  [[], undefined, undefined],
  [['note'], '1 note', 'none'],
  [['low', 'note', 'low'], '3 findings, 2 low', 'wait'],
  [['low', 'low'], '2 findings, all low', 'wait'],
  [['medium', 'note'], '2 findings, 1 medium', 'warn'],
  [['note', 'high', 'medium', 'high'], '4 findings, 2 high', 'bad'],
  [['note', 'note'], '2 notes', 'none'],
])('counts %o by the gravest', (severities, text, tone) => {
  const words = countWords(severities.map(found));
  expect([words?.text, words?.tone]).toEqual([text, tone]);
});

it('has a word and a colour of its own for each severity', () => {
  const words = severitySchema.options.map((severity) => severityWords[severity]);
  expect(new Set(words.map(({ word }) => word)).size).toBe(4);
  expect(new Set(words.map(({ tone }) => tone)).size).toBe(4);
});
