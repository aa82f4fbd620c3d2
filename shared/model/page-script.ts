import { z } from 'zod';
import { nameSchema } from './identifier.ts';

/** One page script: JavaScript that runs inside a page of the login, as ReadyAPI and SoapUI have them. */
export const pageScriptSchema = z.strictObject({
  name: nameSchema,
  /** The page's URL, or a glob of it (`*` stops at a slash, `**` does not). Empty: any. */
  url: z.string().max(2000).default(''),
  /** CSS of something that is visible when the script may run. With neither URL nor selector it runs at the next page load. */
  selector: z.string().max(2000).default(''),
  /** The body of an async function with `vars`. */
  source: z.string().max(50_000).default(''),
});
export type PageScript = z.infer<typeof pageScriptSchema>;

/** A profile's page scripts, in the order in which they run; `scripts/<id>.pages.json`. */
export const pageScriptsSchema = z.strictObject({ pages: z.array(pageScriptSchema).max(50) });
