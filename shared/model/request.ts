import { z } from 'zod';
import { errorWireSchema } from '../errors.ts';
import { idSchema, nameSchema } from './identifier.ts';
import { templateSchema } from './variable.ts';

export const methodSchema = z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']);
export type Method = z.infer<typeof methodSchema>;

export const headerSchema = z.strictObject({ name: z.string().max(200), value: templateSchema });
export type Header = z.infer<typeof headerSchema>;

export const requestBodySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('json'), text: templateSchema }),
  z.strictObject({ kind: z.literal('text'), contentType: z.string().max(200), text: templateSchema }),
]);
export type RequestBody = z.infer<typeof requestBodySchema>;

/** Which profile's token a request carries. `inherit` takes the nearest folder's `auth`; none above means no token. */
export const requestAuthSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('inherit') }),
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({
    kind: z.literal('profile'),
    profile: idSchema,
    /** Null: the profile's active persona. */
    persona: nameSchema.nullable().default(null),
  }),
]);
export type RequestAuth = z.infer<typeof requestAuthSchema>;

/** One API request; `requests/<id>.json`. */
export const requestSchema = z.strictObject({
  name: nameSchema,
  method: methodSchema.default('GET'),
  url: templateSchema,
  headers: z.array(headerSchema).max(100).default([]),
  body: requestBodySchema.default({ kind: 'none' }),
  auth: requestAuthSchema.default({ kind: 'inherit' }),
});
export type ApiRequest = z.infer<typeof requestSchema>;

/** A folder's `folder.json`: its name, and the auth that its requests inherit. */
export const folderSchema = z.strictObject({
  name: nameSchema,
  auth: requestAuthSchema.default({ kind: 'inherit' }),
});
export type RequestFolder = z.infer<typeof folderSchema>;

/** How the token of a request that was sent stood: what the person must know beside the response. */
export const tokenUseSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('valid'), profile: idSchema, persona: nameSchema }),
  /** Manual mode: the request went out with an access token that had expired. */
  z.strictObject({ kind: z.literal('expired'), profile: idSchema, persona: nameSchema }),
  /** The token was updated for this request, before it was sent or after a 401. */
  z.strictObject({
    kind: z.literal('updated'),
    profile: idSchema,
    persona: nameSchema,
    after401: z.boolean(),
  }),
]);
export type TokenUse = z.infer<typeof tokenUseSchema>;

export const responseSchema = z.strictObject({
  status: z.number().int(),
  statusText: z.string(),
  headers: z.array(z.strictObject({ name: z.string(), value: z.string() })),
  body: z.discriminatedUnion('kind', [
    /** `truncated`: only the first `maximumBodyBytes` were read. */
    z.strictObject({ kind: z.literal('text'), text: z.string(), truncated: z.boolean() }),
    z.strictObject({ kind: z.literal('binary'), base64: z.string(), truncated: z.boolean() }),
    z.strictObject({ kind: z.literal('empty') }),
  ]),
  sizeBytes: z.number().int().nonnegative(),
});
export type ApiResponse = z.infer<typeof responseSchema>;

/** Milliseconds of a send: waiting for the token, until the response's headers, until its last byte, and in all. */
export const timingSchema = z.strictObject({
  tokenMs: z.number().nonnegative(),
  firstByteMs: z.number().nonnegative(),
  downloadMs: z.number().nonnegative(),
  totalMs: z.number().nonnegative(),
});
export type Timing = z.infer<typeof timingSchema>;

/** What came of one send. A failed send keeps its token events, which tell why. */
export const exchangeSchema = z.strictObject({
  id: z.string(),
  sentAtMs: z.number(),
  /** What went out, variables filled in, secrets and the token masked. */
  request: z.strictObject({
    method: methodSchema,
    url: z.string(),
    headers: z.array(z.strictObject({ name: z.string(), value: z.string() })),
  }),
  /** Whether the server's certificate was checked, where its URL is https. */
  certificatesChecked: z.boolean().default(true),
  outcome: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('response'), response: responseSchema }),
    z.strictObject({ kind: z.literal('failed'), error: errorWireSchema }),
  ]),
  tokenUse: tokenUseSchema,
  timing: timingSchema,
  /** Ids of the token events that this send caused or waited for. */
  tokenEvents: z.array(z.string()),
});
export type Exchange = z.infer<typeof exchangeSchema>;
