import { z } from 'zod';
import { role } from '../automation/arguments.ts';

const text = z.string().min(1).max(1000);
const short = z.string().max(100);

/** One way to find an element; it comes from a page, so it is hostile text. */
export const foundBySchema = z.discriminatedUnion('by', [
  z.strictObject({ by: z.enum(['label', 'placeholder', 'text']), text, exact: z.boolean() }),
  z.strictObject({ by: z.literal('role'), role, text, exact: z.boolean() }),
  z.strictObject({ by: z.enum(['testid', 'css']), text }),
]);
export type FoundBy = z.infer<typeof foundBySchema>;

const at = z.array(foundBySchema).min(1).max(10);

/** What a field says of itself. */
export const fieldSchema = z.strictObject({
  type: short,
  autocomplete: short,
  inputMode: short,
  id: short,
  name: short,
  label: short,
  /** Whether a password is asked for in the same form. */
  besidePassword: z.boolean(),
});
export type Field = z.infer<typeof fieldSchema>;

/** What comes through the binding, from anybody in the page; `key` is its own side's. */
export const envelopeSchema = z.strictObject({ key: z.string(), message: z.unknown() });

/** What the side of the page may tell; `here`: a document begins, `aim`: a click may follow. */
export const messageSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('here') }),
  z.strictObject({ kind: z.literal('aim'), at }),
  z.strictObject({ kind: z.enum(['click', 'check', 'uncheck', 'enter']), at }),
  z.strictObject({ kind: z.literal('fill'), at, field: fieldSchema, value: z.string().max(1000) }),
  z.strictObject({ kind: z.literal('code'), boxes: z.array(at).min(4).max(8) }),
  z.strictObject({ kind: z.literal('select'), at, values: z.array(z.string().max(200)).max(50) }),
]);
export type Message = z.infer<typeof messageSchema>;
