import { z } from 'zod';

/** A profile's or environment's id is its file's name without `.json`: lower case letters, digits and hyphens. */
export const idSchema = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/, 'lower case letters, digits and hyphens, at most 64');

/** A request's id is its path below `requests/` without `.json`, for example `orders/list`; at most four folders deep. */
export const requestIdSchema = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?(?:\/[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?){0,4}$/,
    'parts of lower case letters, digits and hyphens, joined by slashes',
  );

/** A display name: hostile text until shown as text. */
export const nameSchema = z.string().trim().min(1, 'a name is needed').max(120, 'at most 120 characters');

/** Makes an id of a display name: "Orders API (staging)" becomes `orders-api-staging`. */
export function idFromName(name: string): string {
  const id = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 64)
    .replace(/-+$/, '');
  return id === '' ? 'unnamed' : id;
}
