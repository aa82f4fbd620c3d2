import { z } from 'zod';
import { nameSchema } from './identifier.ts';
import { secretReferenceSchema, templateSchema, variableNameSchema } from './variable.ts';

/** How the token is obtained: RFC 6749 section 4.1 with PKCE (RFC 7636), or section 4.4. */
export const grantSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('authorization_code'),
    /** Where the server sends the person back (RFC 6749 section 3.1.2); recognised by exact comparison. */
    redirectUri: templateSchema,
  }),
  z.strictObject({ kind: z.literal('client_credentials') }),
]);
export type Grant = z.infer<typeof grantSchema>;
export type GrantKind = Grant['kind'];

/** How the client proves who it is at the token endpoint: the names are RFC 7591's `token_endpoint_auth_method`. */
export const clientSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none'), id: templateSchema }),
  z.strictObject({
    kind: z.literal('client_secret_basic'),
    id: templateSchema,
    secret: secretReferenceSchema,
  }),
  z.strictObject({
    kind: z.literal('client_secret_post'),
    id: templateSchema,
    secret: secretReferenceSchema,
  }),
]);
export type Client = z.infer<typeof clientSchema>;
export type ClientAuthenticationKind = Client['kind'];

/** Who starts an update of an expired access token. */
export const refreshModeSchema = z.enum(['automatic', 'manual']);
export type RefreshMode = z.infer<typeof refreshModeSchema>;

/** Where the authorization server is. A URL left empty is taken from the issuer's discovery document (RFC 8414). */
export const serverSchema = z.strictObject({
  issuer: templateSchema.default(''),
  authorizationUrl: templateSchema.default(''),
  tokenUrl: templateSchema.default(''),
});
export type AuthorizationServer = z.infer<typeof serverSchema>;

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

/** How to obtain and use tokens from one authorization server with one client; `profiles/<id>.json`. */
export const profileSchema = z.strictObject({
  name: nameSchema,
  grant: grantSchema,
  server: serverSchema,
  client: clientSchema,
  /** Space-separated (RFC 6749 section 3.3); empty sends no scope parameter. */
  scope: templateSchema.default(''),
  refreshMode: refreshModeSchema.default('automatic'),
  personas: z
    .array(personaSchema)
    .min(1)
    .default([{ name: 'default', values: [] }]),
});
export type Profile = z.infer<typeof profileSchema>;

/** The grants that need no person and no screen: repeating them is how such a token is updated. */
export function isSilentGrant(grant: Grant): boolean {
  return grant.kind === 'client_credentials';
}

/** A new profile as the form shows it first: RFC 8252 section 7.3's loopback redirect, any free port. */
export function newProfile(name: string): Profile {
  return profileSchema.parse({
    name,
    grant: { kind: 'authorization_code', redirectUri: 'http://127.0.0.1/callback' },
    server: {},
    client: { kind: 'none', id: '' },
  });
}
