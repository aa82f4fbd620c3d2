import type { Finding, Severity } from '../../../shared/model/finding.ts';
import type { Secret } from '../../../shared/secret.ts';
import type { Members } from '../json-body.ts';
import { maskedText } from '../members.ts';

/** What a mend may need to know of the answer. */
export interface QuirkContext {
  /** None of them may stand in the text of a finding. */
  secrets: readonly Secret[];
  /** Milliseconds since the epoch. */
  receivedAtMs: number;
  /** By how much the server's clock is ahead of ours, in milliseconds, as far as it counts. */
  aheadMs: number;
}

/** What a mend comes to. `about` is a word for the finding's text, fit to show. */
export interface Mended<Subject> {
  subject: Subject;
  about?: string;
}

/**
 * One way in which real servers differ from the RFC: how it is told, and the function that puts it right, so that what
 * comes after may hold on to the RFC. Null: there is nothing to mend.
 */
export interface Quirk<Subject> {
  /** Stable, in snake_case. */
  code: string;
  severity: Severity;
  /** For example `RFC 6749 section 5.1`. */
  source: string;
  text: (about: string) => string;
  mend: (subject: Subject, context: QuirkContext) => Mended<Subject> | null;
}

/** Applies a table of quirks from first to last; gives what came of it, and a finding for each that was met. */
export function mended<Subject>(
  quirks: readonly Quirk<Subject>[],
  subject: Subject,
  context: QuirkContext,
): { subject: Subject; findings: Finding[] } {
  const findings: Finding[] = [];
  let current = subject;
  for (const { code, severity, source, text, mend } of quirks) {
    const result = mend(current, context);
    if (result === null) continue;
    current = result.subject;
    findings.push({ code, text: text(result.about ?? ''), source, severity });
  }
  return { subject: current, findings };
}

/** A server's own word inside the text of a finding. */
export function shownWord(word: string, { secrets }: QuirkContext): string {
  return maskedText(word, secrets, 80);
}

/** The member of its own that an object has by this name; undefined when it has none. */
export function member(members: Members, name: string): unknown {
  return Object.hasOwn(members, name) ? members[name] : undefined;
}

/** The same members without those of these names. */
export function without(members: Members, ...names: string[]): Members {
  return Object.fromEntries(Object.entries(members).filter(([name]) => !names.includes(name)));
}

/** The same members, one of them with this value: in its place, or at the end. */
export function withMember(members: Members, name: string, value: unknown): Members {
  return { ...members, [name]: value };
}

/** The text of a member; empty where it is none, for a server may put anything there. */
export function textOf(members: Members, name: string): string {
  const value = member(members, name);
  return typeof value === 'string' ? value : '';
}
