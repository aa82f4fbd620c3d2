import { z } from 'zod';
import { errorWireSchema } from '../errors.ts';
import { idSchema, nameSchema, requestIdSchema } from '../model/identifier.ts';
import { networkSchema, projectPathSchema } from '../model/network.ts';
import { pageScriptSchema } from '../model/page-script.ts';
import { playgroundSettingsSchema, playgroundStatusSchema } from '../model/playground.ts';
import { profileSchema } from '../model/profile.ts';
import { projectSchema, secretStateSchema, trustReviewSchema } from '../model/project.ts';
import { exchangeSchema, requestSchema } from '../model/request.ts';
import { serverSupportSchema } from '../model/server-support.ts';
import { testRunSchema, trialSchema } from '../model/test-run.ts';
import { variableNameSchema } from '../model/variable.ts';
import { call, done, nothing } from './definition.ts';
import { ofToken, tokenCalls } from './token-calls.ts';

const ofProfile = z.strictObject({ profile: idSchema });
const ofFolder = z.strictObject({ folder: z.string().min(1).max(4096) });
const pages = z.array(pageScriptSchema).max(50);

export const themeSchema = z.enum(['system', 'light', 'dark']);
export type Theme = z.infer<typeof themeSchema>;

export const settingsSchema = z.strictObject({
  theme: themeSchema,
  /** The active environment of the open project, by id; null: none. */
  environment: idSchema.nullable(),
  /** The active persona of each profile of the open project, by the profile's id. */
  personas: z.record(idSchema, nameSchema),
  recentProjects: z.array(z.strictObject({ folder: z.string(), name: z.string() })),
});
export type Settings = z.infer<typeof settingsSchema>;

export const vaultStatusSchema = z.discriminatedUnion('kind', [
  /** `protection` says in a few words what keeps the vault's key, for the status bar. */
  z.strictObject({
    kind: z.literal('open'),
    protection: z.enum(['keychain', 'environment_key', 'key_file', 'memory']),
    /** What was found damaged in the vault, and how it was mended. */
    problems: z.array(errorWireSchema),
  }),
  /** No keychain here: the person chooses between a key file and memory; nothing is stored before. */
  z.strictObject({ kind: z.literal('choice_needed'), reason: z.string() }),
  z.strictObject({ kind: z.literal('failed'), error: errorWireSchema }),
]);
export type VaultStatus = z.infer<typeof vaultStatusSchema>;

export const appInfoSchema = z.strictObject({
  host: z.enum(['desktop', 'web', 'cli']),
  version: z.string(),
  /** Whether this host can show the system's folder dialog. */
  canChooseFolder: z.boolean(),
  /** Where a new project goes by default. */
  projectsFolder: z.string(),
});
export type AppInfo = z.infer<typeof appInfoSchema>;

export const projectStateSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('closed') }),
  z.strictObject({
    kind: z.literal('open'),
    project: projectSchema,
    /** Whether its scripts may run on this computer: said by the person, or made here. */
    trusted: z.boolean(),
  }),
]);
export type ProjectState = z.infer<typeof projectStateSchema>;

/**
 * Every call of the renderer to the engine, in one table. A rejected call answers with an AppError.
 * The renderer gets ids and masked values; `tokens.reveal` and `tokens.revealCredential` alone give a token, and are logged
 * as token events.
 */
export const calls = {
  'app.info': call(nothing, appInfoSchema),
  'settings.read': call(nothing, settingsSchema),
  'settings.setTheme': call(z.strictObject({ theme: themeSchema }), settingsSchema),
  'settings.setEnvironment': call(z.strictObject({ environment: idSchema.nullable() }), settingsSchema),

  /**
   * Makes a persona the active one: of one profile, or (`profile` null) of every profile that has one of this name.
   * Throws `persona_not_found`.
   */
  'settings.setPersona': call(
    z.strictObject({ profile: idSchema.nullable(), persona: nameSchema }),
    settingsSchema,
  ),

  'vault.status': call(nothing, vaultStatusSchema),
  'vault.choose': call(z.strictObject({ choice: z.enum(['key_file', 'memory']) }), vaultStatusSchema),

  'project.current': call(nothing, projectStateSchema),
  /** `trust`: and lets its scripts run from now on. */
  'project.open': call(ofFolder.extend({ trust: z.boolean().default(false) }), projectStateSchema),
  'project.create': call(
    z.strictObject({ folder: z.string().min(1).max(4096), name: nameSchema }),
    projectStateSchema,
  ),
  'project.openSample': call(nothing, projectStateSchema),
  'project.close': call(nothing, projectStateSchema),
  /**
   * Lets the open project's scripts run on this computer, from now on. `folder` is what the person was asked about, so
   * that the answer never goes to another project opened meanwhile. Throws `project_not_open`, `file_write_failed`.
   */
  'project.trust': call(ofFolder, projectStateSchema),
  /** Takes that back: no script begins any more; one under way goes on. Throws as `project.trust` does. */
  'project.distrust': call(ofFolder, projectStateSchema),
  /** Saves how the open project reaches its servers. Throws `project_not_open`, `file_write_failed`. */
  'project.saveNetwork': call(z.strictObject({ network: networkSchema }), done),
  /**
   * Puts certificates in PEM into a file of the open project, to be trusted once it stands in its network; `name`: of the
   * file that they come from. Throws `network_invalid` where there is none in them.
   */
  'project.addCertificates': call(
    z.strictObject({ name: z.string().max(300), pem: z.string().max(1_000_000) }),
    z.strictObject({ path: projectPathSchema }),
  ),
  /** Shows the system's folder dialog; null when the person cancels it. */
  'project.chooseFolder': call(nothing, z.strictObject({ folder: z.string().nullable() })),

  'profiles.create': call(z.strictObject({ name: nameSchema }), z.strictObject({ id: idSchema })),
  'profiles.save': call(z.strictObject({ id: idSchema, profile: profileSchema }), done),
  'profiles.delete': call(z.strictObject({ id: idSchema }), done),
  /** Reads the issuer's discovery document, variables in the issuer filled in; `verifyTls` as the profile has it. */
  'profiles.discover': call(
    z.strictObject({ issuer: z.string().min(1).max(2000), verifyTls: z.boolean().default(true) }),
    z.strictObject({
      issuer: z.string(),
      authorizationUrl: z.string(),
      tokenUrl: z.string(),
      revocationUrl: z.string(),
      introspectionUrl: z.string(),
      endSessionUrl: z.string(),
      deviceAuthorizationUrl: z.string(),
      pushedAuthorizationUrl: z.string(),
      backchannelAuthenticationUrl: z.string(),
      jwksUrl: z.string(),
      supports: serverSupportSchema,
    }),
  ),
  /**
   * Gives a persona another name, and takes its token sets, its sessions, the choice of it and the requests that name it
   * along. Throws `persona_not_found`, `name_taken`.
   */
  'profiles.renamePersona': call(
    z.strictObject({ profile: idSchema, from: nameSchema, to: nameSchema }),
    done,
  ),

  'scripts.read': call(ofProfile, z.strictObject({ source: z.string().nullable() })),
  /** Everything that runs in the open project once it is trusted. */
  'scripts.review': call(nothing, trustReviewSchema),
  /**
   * Null deletes the script. `base`: the text that it was made from, as it was read; when the file is another one by now,
   * that throws `script_changed`. Without it the file is overwritten.
   */
  'scripts.save': call(
    z.strictObject({
      profile: idSchema,
      source: z.string().max(200_000).nullable(),
      base: z.string().max(5_000_000).nullable().optional(),
    }),
    done,
  ),
  /** Parses without running; null: no syntax error. */
  'scripts.check': call(
    z.strictObject({ source: z.string().max(200_000) }),
    z.strictObject({ error: errorWireSchema.nullable() }),
  ),
  /**
   * Opens the login page in front of the person, and gives what they do there as a script once the server sends back.
   * `missing`: values that the script reads and the persona does not have, or (`differs`) has otherwise than they were
   * typed; what was typed is told nowhere. `hosts`: to which it sends values and may not yet. Throws `consent_required` with nobody here, `consent_cancelled` when the
   * window is closed.
   */
  'scripts.record': call(
    ofToken,
    z.strictObject({
      source: z.string(),
      missing: z.array(
        z.strictObject({ name: variableNameSchema, secret: z.boolean(), differs: z.boolean() }),
      ),
      hosts: z.array(z.string()),
    }),
  ),
  'scripts.cancelRecording': call(ofProfile, done),

  /**
   * Gets an access token by a script, saved or not, and gives how that went when it is over; windows are told of each step
   * meanwhile. A script that fails is an outcome, not an error. Throws
   * `project_not_open`, `profile_not_found`, `persona_not_found`, `project_not_trusted`, `not_supported_here` for a grant without screens.
   */
  'testRuns.start': call(
    ofToken.extend({
      trial: trialSchema,
      /** Whether the window is shown. */
      visible: z.boolean(),
      /** Whether each action waits for `testRuns.next`. */
      stepping: z.boolean(),
    }),
    testRunSchema,
  ),
  /** Lets the action that is held go on; `all`: and those after it without being asked. Throws `test_run_not_found`, as the next two. */
  'testRuns.next': call(z.strictObject({ id: z.string(), all: z.boolean() }), done),
  'testRuns.stop': call(z.strictObject({ id: z.string() }), done),
  /** What the page showed after a step, everything typed covered: base64 of a JPEG; null: there is none. */
  'testRuns.picture': call(
    z.strictObject({ id: z.string(), index: z.number().int() }),
    z.strictObject({ jpeg: z.string().nullable() }),
  ),

  /** The page scripts of a profile in their order; none without a file. */
  'pageScripts.read': call(ofProfile, z.strictObject({ pages })),
  /** None at all deletes the file. `base` as in `scripts.save`: what they were made from. Throws `script_changed`. */
  'pageScripts.save': call(z.strictObject({ profile: idSchema, pages, base: pages.optional() }), done),
  /** Parses each without running it: its syntax error, or null, in their order. */
  'pageScripts.check': call(
    z.strictObject({ pages }),
    z.strictObject({ errors: z.array(errorWireSchema.nullable()) }),
  ),
  /** Makes an automation script of page scripts; `notes` say what it does not do, or does otherwise. */
  'pageScripts.convert': call(
    z.strictObject({ pages }),
    z.strictObject({ source: z.string(), notes: z.array(z.string()) }),
  ),

  'secrets.list': call(nothing, z.strictObject({ secrets: z.array(secretStateSchema) })),
  /** Stores a secret's value in the vault, for the open project and its active environment; empty forgets it. */
  'secrets.save': call(z.strictObject({ name: variableNameSchema, value: z.string().max(100_000) }), done),

  'requests.create': call(z.strictObject({ name: nameSchema }), z.strictObject({ id: requestIdSchema })),
  'requests.save': call(z.strictObject({ id: requestIdSchema, request: requestSchema }), done),
  'requests.delete': call(z.strictObject({ id: requestIdSchema }), done),
  /** Sends the request as given, which need not be saved; `id` tells sends apart, and where its auth is inherited from. */
  'requests.send': call(z.strictObject({ id: requestIdSchema, request: requestSchema }), exchangeSchema),
  'requests.cancel': call(z.strictObject({ id: requestIdSchema }), done),

  ...tokenCalls,

  'playground.status': call(nothing, playgroundStatusSchema),
  'playground.start': call(nothing, playgroundStatusSchema),
  'playground.configure': call(
    z.strictObject({ settings: playgroundSettingsSchema }),
    playgroundStatusSchema,
  ),
  /** Makes the server forget every token and session it gave out: each is refused from then on. */
  'playground.revokeAll': call(nothing, playgroundStatusSchema),
} as const;

export type Calls = typeof calls;
export type CallName = keyof Calls;
export type CallParams<Name extends CallName> = z.input<Calls[Name]['params']>;
export type CallResult<Name extends CallName> = z.output<Calls[Name]['result']>;

export const callNames = Object.keys(calls) as CallName[];
