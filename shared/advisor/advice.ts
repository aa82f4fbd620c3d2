import { type Finding, type Severity, severitySchema } from '../model/finding.ts';

/** One thing to look at, and how it is told. */
export interface Advice<Subject> {
  /** Stable, in snake_case. */
  code: string;
  severity: Severity;
  /** For example `RFC 9700 section 2.4`. */
  source: string;
  text: (about: string) => string;
  /** Null: all is well. Else a word for the text, which may be empty. */
  find: (subject: Subject) => string | null;
}

/** The word that a piece of advice needs none of, where it is to be given. */
export function met(condition: boolean): string | null {
  return condition ? '' : null;
}

/** What a table of advice has to say of a subject, in the order of the table. */
export function adviceOn<Subject>(table: readonly Advice<Subject>[], subject: Subject): Finding[] {
  return table.flatMap(({ code, severity, source, text, find }) => {
    const about = find(subject);
    return about === null ? [] : [{ code, text: text(about), source, severity }];
  });
}

/** Whether a severity is as grave as another, or graver. */
export function isAtLeast(severity: Severity, least: Severity): boolean {
  return severitySchema.options.indexOf(severity) >= severitySchema.options.indexOf(least);
}

/** Findings with the gravest first, those of one severity as they came. */
export function gravestFirst(findings: readonly Finding[]): Finding[] {
  return [...severitySchema.options]
    .reverse()
    .flatMap((severity) => findings.filter((finding) => finding.severity === severity));
}
