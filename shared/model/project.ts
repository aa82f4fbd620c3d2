import { z } from 'zod';
import { errorWireSchema } from '../errors.ts';
import { idSchema, nameSchema, requestIdSchema } from './identifier.ts';
import { networkSchema } from './network.ts';
import { profileSchema } from './profile.ts';
import { folderSchema, requestAuthSchema, requestSchema } from './request.ts';
import { environmentSchema, variableNameSchema } from './variable.ts';

/** `grantwright.json`, at the top of a project's folder. */
export const projectFileSchema = z.strictObject({
  /** The format of the project's files; this version writes and reads 1. */
  format: z.literal(1),
  name: nameSchema,
  /** Left out: as the defaults have it. */
  network: networkSchema.optional(),
});
export type ProjectFile = z.infer<typeof projectFileSchema>;

/** A project as it lies on disk, read whole. Files that could not be read stand in `problems`; the rest is usable. */
export const projectSchema = z.strictObject({
  folder: z.string(),
  name: nameSchema,
  network: networkSchema,
  profiles: z.array(
    z.strictObject({
      id: idSchema,
      profile: profileSchema,
      /** Whether its kind of automation is there: `scripts/<id>.js`, or a page script in `scripts/<id>.pages.json`. */
      hasScript: z.boolean(),
    }),
  ),
  requests: z.array(
    z.strictObject({
      id: requestIdSchema,
      request: requestSchema,
      /** `inherit` resolved through the folders above; never `inherit` itself. */
      effectiveAuth: requestAuthSchema,
    }),
  ),
  folders: z.array(z.strictObject({ id: requestIdSchema, folder: folderSchema })),
  environments: z.array(z.strictObject({ id: idSchema, environment: environmentSchema })),
  problems: z.array(errorWireSchema),
});
export type Project = z.infer<typeof projectSchema>;

/** What a project's script would do, for the person who is asked to trust it. All of it is hostile text. */
export const scriptReviewSchema = z.strictObject({
  profile: idSchema,
  name: nameSchema,
  /** Its path in the project. */
  file: z.string(),
  /** Its first 200,000 characters. */
  source: z.string().max(200_000),
  /** How many more there are. */
  omitted: z.number().int().nonnegative(),
  /**
   * The hosts of the profile's authorization server in the active environment, whose pages the script works; the address
   * as it is written where its variables cannot be filled in.
   */
  hosts: z.array(z.string()),
});
export type ScriptReview = z.infer<typeof scriptReviewSchema>;

/** A project of which a person is asked whether its scripts may run. */
export const trustReviewSchema = z.strictObject({
  folder: z.string(),
  name: nameSchema,
  scripts: z.array(scriptReviewSchema),
});
export type TrustReview = z.infer<typeof trustReviewSchema>;

/** A secret's name and whether the vault holds a value for it in the active environment; never the value. */
export const secretStateSchema = z.strictObject({ name: variableNameSchema, stored: z.boolean() });
export type SecretState = z.infer<typeof secretStateSchema>;
