import type { Finding, Severity } from '../../../shared/model/finding.ts';
import { severitySchema } from '../../../shared/model/finding.ts';
import type { Tone } from '../../ui/chip.tsx';

/** How grave a finding is, in a word and in the colour used everywhere. */
export const severityWords: Record<Severity, { word: string; tone: Tone }> = {
  high: { word: 'High', tone: 'bad' },
  medium: { word: 'Medium', tone: 'warn' },
  low: { word: 'Low', tone: 'wait' },
  note: { word: 'Note', tone: 'none' },
};

/** How many findings there are, and how many of the gravest: "5 findings, 2 high", "2 notes"; null: there are none. */
export function countWords(findings: readonly Finding[]): { text: string; tone: Tone } | null {
  const worst = [...severitySchema.options]
    .reverse()
    .find((severity) => findings.some((finding) => finding.severity === severity));
  if (worst === undefined) return null;
  const count = findings.filter(({ severity }) => severity === worst).length;
  const { word, tone } = severityWords[worst];
  const all = findings.length;
  // Then all of them are notes.
  if (worst === 'note') return { text: all === 1 ? '1 note' : `${all} notes`, tone };
  const grave = count === all ? `all ${word.toLowerCase()}` : `${count} ${word.toLowerCase()}`;
  return {
    text: all === 1 ? `1 finding, ${word.toLowerCase()}` : `${all} findings, ${grave}`,
    tone,
  };
}
