import { z } from 'zod';

/** How much a finding matters: to know, to mend when there is time, to mend, to mend at once. */
export const severitySchema = z.enum(['note', 'low', 'medium', 'high']);
export type Severity = z.infer<typeof severitySchema>;

/** Something about a server or a profile that a tester should know. */
export const findingSchema = z.strictObject({
  /** Stable, for example `token_type_missing`. */
  code: z.string(),
  /** One sentence, for a person. */
  text: z.string(),
  /** Where it is written how it should be, for example `RFC 6749 section 5.1`. */
  source: z.string(),
  severity: severitySchema,
});
export type Finding = z.infer<typeof findingSchema>;
