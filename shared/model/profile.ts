import { z } from 'zod';
import { clientSchema } from './client.ts';
import { grantSchema } from './grant.ts';
import { nameSchema } from './identifier.ts';
import { parameterSchema } from './parameter.ts';
import { placedTokenSchema, placementSchema } from './placement.ts';
import { protectionSchema } from './protection.ts';
import { secretReferenceSchema, templateSchema, variableNameSchema } from './variable.ts';

/** Who starts an update of an expired access token. */
export const refreshModeSchema = z.enum(['automatic', 'manual']);
export type RefreshMode = z.infer<typeof refreshModeSchema>;

/** Where the authorization server is. A URL left empty is taken from the issuer's discovery document (RFC 8414). */
export const serverSchema = z.strictObject({
  issuer: templateSchema.default(''),
  authorizationUrl: templateSchema.default(''),
  tokenUrl: templateSchema.default(''),
  /** RFC 7009. */
  revocationUrl: templateSchema.default(''),
  /** RFC 7662. */
  introspectionUrl: templateSchema.default(''),
  /** OpenID Connect RP-Initiated Logout 1.0. */
  endSessionUrl: templateSchema.default(''),
  /** RFC 8628. */
  deviceAuthorizationUrl: templateSchema.default(''),
  /** RFC 9126. */
  pushedAuthorizationUrl: templateSchema.default(''),
  /** OpenID Connect CIBA 1.0. */
  backchannelAuthenticationUrl: templateSchema.default(''),
  /** The server's public keys (RFC 7517). */
  jwksUrl: templateSchema.default(''),
});
export type AuthorizationServer = z.infer<typeof serverSchema>;

const longestLifetimeSeconds = 10 * 365 * 24 * 3600;
const unitSeconds = { seconds: 1, minutes: 60, hours: 3600 } as const;

/** How long a token lives: as the server says, or as the profile says, whatever the server does. */
export const lifetimeSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('server') }),
    z.strictObject({
      kind: z.literal('custom'),
      value: z.number().int('a whole number').min(1, 'at least 1'),
      unit: z.enum(['seconds', 'minutes', 'hours']),
    }),
  ])
  .refine((lifetime) => (lifetimeMs(lifetime) ?? 0) <= longestLifetimeSeconds * 1000, {
    message: 'at most ten years',
  });
export type Lifetime = { kind: 'server' } | { kind: 'custom'; value: number; unit: keyof typeof unitSeconds };

/** A custom lifetime in milliseconds; null: the server's word counts. */
export function lifetimeMs(lifetime: Lifetime): number | null {
  return lifetime.kind === 'server' ? null : lifetime.value * unitSeconds[lifetime.unit] * 1000;
}

/**
 * Whether a token that is about to expire is renewed in the background, so that no request waits for it; by refresh or
 * a silent grant only, never by consent, and in Automatic mode only.
 */
export const renewAheadSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('off') }),
  /** So many seconds before the token counts as expired; of a short-lived token at most half its lifetime. */
  z.strictObject({ kind: z.literal('on'), seconds: z.number().int('a whole number').min(1).max(3600) }),
]);
export type RenewAhead = z.infer<typeof renewAheadSchema>;

/** Whether each consent begins with a fresh browser session, or with the one that the persona signed in with last. */
export const consentSessionSchema = z.enum(['fresh', 'kept']);
export type ConsentSessionKind = z.infer<typeof consentSessionSchema>;

/** Where a person meets the consent screens: what the host shows best, or always their own browser. */
export const consentBrowserSchema = z.enum(['automatic', 'system']);
export type ConsentBrowserChoice = z.infer<typeof consentBrowserSchema>;

const portSchema = z
  .number('a port number')
  .int('a whole number')
  .min(1, 'at least 1')
  .max(65_535, 'at most 65535');

function isWebAddress(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
}

/** What the person's own browser shows after a sign-in: our page, our page with a text of the profile's, or another address. */
export const afterConsentSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('standard') }),
  /** Plain text. */
  z.strictObject({ kind: z.literal('message'), text: z.string().trim().min(1, 'a text').max(500) }),
  /** An http or https URL, gone to as it is: nothing of the redirect goes along. */
  z.strictObject({
    kind: z.literal('address'),
    url: z.string().trim().max(2000).refine(isWebAddress, { message: 'an http or https URL' }),
  }),
]);
export type AfterConsent = z.infer<typeof afterConsentSchema>;
/** What works the consent screens: a Playwright script, or page scripts as in ReadyAPI and SoapUI. */
export const automationKindSchema = z.enum(['script', 'page_scripts']);
export type AutomationKind = z.infer<typeof automationKindSchema>;

/** Where a project keeps it. */
export function automationFile(id: string, kind: AutomationKind): string {
  return kind === 'script' ? `scripts/${id}.js` : `scripts/${id}.pages.json`;
}

/** One value that an automation script finds in `vars`. A secret one stands as a `{{variable}}` of the vault. */
export const personaValueSchema = z.discriminatedUnion('kind', [
  z.strictObject({ name: variableNameSchema, kind: z.literal('plain'), value: templateSchema }),
  z.strictObject({ name: variableNameSchema, kind: z.literal('secret'), value: secretReferenceSchema }),
]);
export type PersonaValue = z.infer<typeof personaValueSchema>;

/** A named user of a profile: its own values for scripts, its own token set. */
export const personaSchema = z.strictObject({
  name: nameSchema,
  /** In the order in which the person wrote them; each name once. */
  values: z
    .array(personaValueSchema)
    .refine((values) => new Set(values.map(({ name }) => name)).size === values.length, {
      message: 'a name stands there twice',
    })
    .default([]),
});
export type Persona = z.infer<typeof personaSchema>;

/** A host that a script may send values to: `host`, `host:port`, or `*.domain` for all hosts within a domain. */
export const scriptHostSchema = z
  .string()
  .max(260)
  .regex(
    /^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(:\d{1,5})?$|^\[[0-9a-f:.]+\](:\d{1,5})?$/i,
    'a host such as login.example.com, localhost:8080 or *.example.com, without https:// and without a path',
  )
  .refine((host) => !/^\*\.[^.]*$/.test(host), 'more than a top-level domain after *.');

/** How to obtain and use tokens from one authorization server with one client; `profiles/<id>.json`. */
export const profileSchema = z.strictObject({
  name: nameSchema,
  grant: grantSchema,
  server: serverSchema,
  client: clientSchema,
  /** Space-separated (RFC 6749 section 3.3); empty sends no scope parameter. */
  scope: templateSchema.default(''),
  parameters: z.array(parameterSchema).max(50).default([]),
  protection: protectionSchema.prefault({}),
  placement: placementSchema.prefault({ kind: 'header' }),
  placedToken: placedTokenSchema.default('access_token'),
  /** Whether the certificates of its servers are checked, at the token endpoint and for the requests that carry its token. */
  verifyTls: z.boolean().default(true),
  /** For one token request, in seconds. */
  timeoutSeconds: z.number().int('a whole number').min(1, 'at least 1').max(600, 'at most 600').default(30),
  refreshMode: refreshModeSchema.default('automatic'),
  accessLifetime: lifetimeSchema.default({ kind: 'server' }),
  refreshLifetime: lifetimeSchema.default({ kind: 'server' }),
  /**
   * How long before its expiry an access token counts as expired, in seconds, for clock skew and the way to the server;
   * at most a tenth of the token's lifetime.
   */
  marginSeconds: z.number().int('a whole number').min(0).max(600).default(30),
  renewAhead: renewAheadSchema.default({ kind: 'off' }),
  session: consentSessionSchema.default('fresh'),
  consentBrowser: consentBrowserSchema.default('automatic'),
  /**
   * Ports that a loopback redirect URI may have beside its own, for servers that know each port: tried in this order.
   * Empty: its own port alone, or any free one where it names none.
   */
  redirectPorts: z
    .array(portSchema)
    .max(10, 'at most 10 ports')
    .refine((ports) => new Set(ports).size === ports.length, { message: 'a port stands there twice' })
    .default([]),
  afterConsent: afterConsentSchema.default({ kind: 'standard' }),
  /**
   * Hosts that an automation script may send values to, beside the authorization server's and those that the login comes
   * to by itself.
   */
  scriptHosts: z.array(scriptHostSchema).max(50).default([]),
  automation: automationKindSchema.default('script'),
  /** Where the server sends the person after logging out there; empty sends none. Compared exactly, as the redirect URI. */
  postLogoutRedirectUri: templateSchema.default(''),
  /** Each name once. */
  personas: z
    .array(personaSchema)
    .min(1)
    .refine((personas) => new Set(personas.map(({ name }) => name)).size === personas.length, {
      message: 'two personas have the same name',
    })
    .default([{ name: 'default', values: [] }]),
});
export type Profile = z.infer<typeof profileSchema>;

/** A new profile as the form shows it first: RFC 8252 section 7.3's loopback redirect, any free port. */
export function newProfile(name: string): Profile {
  return profileSchema.parse({
    name,
    grant: { kind: 'authorization_code', redirectUri: 'http://127.0.0.1/callback' },
    server: {},
    client: { kind: 'none', id: '' },
  });
}
