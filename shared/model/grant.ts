import { z } from 'zod';
import { signingKeySchema } from './signing-key.ts';
import { secretReferenceSchema, templateSchema, variableNameSchema } from './variable.ts';

/** How the redirect carries the answer (OAuth 2.0 Multiple Response Type Encoding Practices section 2.1, Form Post Response Mode). */
export const responseModeSchema = z.enum(['default', 'query', 'fragment', 'form_post']);
export type ResponseMode = z.infer<typeof responseModeSchema>;

/** Whether and how the code is bound to who asked for it (RFC 7636 section 4.2). */
export const pkceSchema = z.enum(['S256', 'plain', 'none']);
export type Pkce = z.infer<typeof pkceSchema>;

/** `code` (RFC 6749 section 4.1), or a hybrid one (OpenID Connect Core 1.0 section 3.3). */
export const codeResponseTypeSchema = z.enum(['code', 'code id_token', 'code token', 'code id_token token']);
export type CodeResponseType = z.infer<typeof codeResponseTypeSchema>;

/** RFC 6749 section 4.2, and OpenID Connect Core 1.0 section 3.2. */
export const implicitResponseTypeSchema = z.enum(['token', 'id_token', 'id_token token']);
export type ImplicitResponseType = z.infer<typeof implicitResponseTypeSchema>;

const redirected = {
  /** Where the server sends the person back (RFC 6749 section 3.1.2); recognised by exact comparison. */
  redirectUri: templateSchema,
  /** `default` sends no `response_mode`. */
  responseMode: responseModeSchema.default('default'),
};

/** A JWT as a grant (RFC 7523 section 2.1): signed here, or given as it is. */
export const assertionSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('signed'),
    key: signingKeySchema,
    /** `iss`; empty: the client id. */
    issuer: templateSchema.default(''),
    /** `sub`; empty: the issuer. */
    subject: templateSchema.default(''),
    /** `aud`; empty: the Token URL. */
    audience: templateSchema.default(''),
    lifetimeSeconds: z.number().int('a whole number').min(1).max(86_400).default(300),
    /** Further claims as a JSON object; empty: none. */
    claims: templateSchema.default(''),
  }),
  z.strictObject({ kind: z.literal('given'), assertion: secretReferenceSchema }),
]);
export type Assertion = z.infer<typeof assertionSchema>;

/** How the token is obtained. Templates may name the persona's values too: `{{user}}`. */
export const grantSchema = z.discriminatedUnion('kind', [
  /** RFC 6749 section 4.1 and OpenID Connect Core 1.0 section 3.3. */
  z.strictObject({
    kind: z.literal('authorization_code'),
    ...redirected,
    responseType: codeResponseTypeSchema.default('code'),
    pkce: pkceSchema.default('S256'),
  }),
  /** RFC 6749 section 4.2. */
  z.strictObject({
    kind: z.literal('implicit'),
    ...redirected,
    responseType: implicitResponseTypeSchema.default('token'),
  }),
  /** RFC 6749 section 4.3. */
  z.strictObject({
    kind: z.literal('password'),
    /** Which values of the persona are its user name and its password (RFC 6749 section 4.3.2). */
    userValue: variableNameSchema.default('user'),
    passwordValue: variableNameSchema.default('password'),
  }),
  /** RFC 6749 section 4.4. */
  z.strictObject({ kind: z.literal('client_credentials') }),
  /** RFC 6749 section 6 as a grant of its own: it begins with a refresh token that was got elsewhere. */
  z.strictObject({ kind: z.literal('refresh_token'), refreshToken: secretReferenceSchema.default('') }),
  /** RFC 8628. */
  z.strictObject({ kind: z.literal('device_code') }),
  /** RFC 7523 section 2.1. */
  z.strictObject({ kind: z.literal('jwt_bearer'), assertion: assertionSchema }),
  /** RFC 8693 section 2.1; the types are token type identifiers (section 3). */
  z.strictObject({
    kind: z.literal('token_exchange'),
    subjectToken: secretReferenceSchema.default(''),
    subjectTokenType: templateSchema.default('urn:ietf:params:oauth:token-type:access_token'),
    /** Empty: there is no actor. */
    actorToken: secretReferenceSchema.default(''),
    actorTokenType: templateSchema.default('urn:ietf:params:oauth:token-type:access_token'),
    /** Empty: the server decides. */
    requestedTokenType: templateSchema.default(''),
  }),
  /** OpenID Connect Client-Initiated Backchannel Authentication 1.0, poll mode. */
  z.strictObject({
    kind: z.literal('ciba'),
    /** Who is asked, and by which of the three hints (section 7.1). */
    hint: z.enum(['login_hint', 'id_token_hint', 'login_hint_token']).default('login_hint'),
    hintValue: templateSchema.default('{{user}}'),
    /** Shown to the person on both devices; empty: none. */
    bindingMessage: templateSchema.default(''),
  }),
]);
export type Grant = z.infer<typeof grantSchema>;
export type GrantKind = Grant['kind'];

/** `screens`: a person or a script works pages; `elsewhere`: a person answers on another device; `silent`: neither. */
export const grantPresence = {
  authorization_code: 'screens',
  implicit: 'screens',
  device_code: 'screens',
  ciba: 'elsewhere',
  password: 'silent',
  client_credentials: 'silent',
  refresh_token: 'silent',
  jwt_bearer: 'silent',
  token_exchange: 'silent',
} as const satisfies Record<GrantKind, 'screens' | 'elsewhere' | 'silent'>;

/** The grants whose browser comes back to a redirect URI. */
export type RedirectGrantKind = 'authorization_code' | 'implicit';

/** Whether a grant asks by way of a browser, which comes back to its redirect URI. */
export function isRedirectGrant<G extends { kind: GrantKind }>(
  grant: G,
): grant is Extract<G, { kind: RedirectGrantKind }> {
  return grant.kind === 'authorization_code' || grant.kind === 'implicit';
}
