import { z } from 'zod';

/** A variable's name, as it stands between the braces of `{{name}}`. */
export const variableNameSchema = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/, 'a letter or underscore, then letters, digits, . _ or -')
  // An object cannot hold a value of this name: it would be lost in silence.
  .refine((name) => name !== '__proto__', { message: 'this name cannot be used' });

const wholeReference = /^\{\{\s*([A-Za-z_][A-Za-z0-9_.-]{0,63})\s*\}\}$/;

/** Any text that may hold `{{name}}` references, resolved by the engine when it is used. */
export const templateSchema = z.string().max(100_000);

/** A value that is secret: in a project it can only stand as one whole `{{name}}` reference, or be empty. */
export const secretReferenceSchema = z.string().refine((text) => text === '' || wholeReference.test(text), {
  message:
    'a secret is never written into a project: name it as {{variable}} and store its value in the vault',
});

/** The name inside a whole `{{name}}` reference, or undefined if the text is anything else. */
export function referencedVariable(text: string): string | undefined {
  return wholeReference.exec(text)?.[1];
}

/** The variable that the engine itself provides: the playground's base URL, started when it is first needed. */
export const playgroundVariable = 'playground_url';

/** A named set of variable values; for a secret only its name stands here, its value is in the vault. */
export const environmentSchema = z.strictObject({
  name: z.string().min(1).max(120),
  variables: z.record(variableNameSchema, templateSchema).default({}),
  secrets: z.array(variableNameSchema).default([]),
});
export type Environment = z.infer<typeof environmentSchema>;
