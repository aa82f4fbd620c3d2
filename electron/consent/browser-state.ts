import { z } from 'zod';
import { parseJson } from '../oauth/json-body.ts';

const cookieSchema = z.object({
  name: z.string(),
  value: z.string(),
  /** With a dot in front it counts for subdomains too. */
  domain: z.string().min(1),
  path: z.string().startsWith('/'),
  /** In seconds since 1970; -1: it ends with the browser session, which is what is kept here. */
  expires: z.number(),
  httpOnly: z.boolean(),
  secure: z.boolean(),
  sameSite: z.enum(['Strict', 'Lax', 'None']),
});
export type StoredCookie = z.infer<typeof cookieSchema>;

const originSchema = z.object({
  /** The browser goes there to put the values in place, so nothing but a web origin may stand here. */
  origin: z.string().regex(/^https?:\/\/[^/?#\s]+$/i),
  localStorage: z.array(z.object({ name: z.string(), value: z.string() })),
});
export type StoredOrigin = z.infer<typeof originSchema>;

const stateSchema = z.object({
  version: z.literal(1),
  cookies: z.array(cookieSchema),
  origins: z.array(originSchema),
});

/**
 * What makes a browser session: its cookies, except those partitioned by site (CHIPS), and its local storage. IndexedDB,
 * caches and service workers are no part of it.
 */
export type BrowserState = z.infer<typeof stateSchema>;

/** The longest text that is kept, in bytes. */
export const maximumStateBytes = 1024 * 1024;

/** Reads a kept text; null when it is none that this version has written. */
export function parseBrowserState(text: string): BrowserState | null {
  if (Buffer.byteLength(text) > maximumStateBytes) return null;
  return stateSchema.safeParse(parseJson(text)).data ?? null;
}

/** The text to keep, without what this version cannot read again; null when it would be longer than `maximumStateBytes`. */
export function browserStateText(cookies: StoredCookie[], origins: StoredOrigin[]): string | null {
  const text = JSON.stringify({
    version: 1,
    cookies: cookies.flatMap((cookie) => cookieSchema.safeParse(cookie).data ?? []),
    origins: origins.flatMap((origin) => originSchema.safeParse(origin).data ?? []),
  });
  return Buffer.byteLength(text) > maximumStateBytes ? null : text;
}
