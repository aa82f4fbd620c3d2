import { z } from 'zod';
import { signingKeySchema } from './signing-key.ts';
import { secretReferenceSchema, templateSchema } from './variable.ts';

/** `aud` of a client assertion (RFC 7523 section 3): servers differ in which of the two they want. */
export const assertionAudienceSchema = z.enum(['issuer', 'token_endpoint']);
export type AssertionAudience = z.infer<typeof assertionAudienceSchema>;

const id = templateSchema;
const secret = secretReferenceSchema;

/** How the client proves who it is at the token endpoint: the names are RFC 7591's `token_endpoint_auth_method`. */
export const clientSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none'), id }),
  z.strictObject({
    kind: z.literal('client_secret_basic'),
    id,
    secret,
    /** `form`: as RFC 6749 section 2.3.1 has it; `raw`: as RFC 7617 alone has it, which some servers want. */
    encoding: z.enum(['form', 'raw']).default('form'),
  }),
  z.strictObject({ kind: z.literal('client_secret_post'), id, secret }),
  /** OpenID Connect Core 1.0 section 9. */
  z.strictObject({
    kind: z.literal('client_secret_jwt'),
    id,
    secret,
    algorithm: z.enum(['HS256', 'HS384', 'HS512']).default('HS256'),
    audience: assertionAudienceSchema.default('token_endpoint'),
  }),
  /** RFC 7523 section 2.2. */
  z.strictObject({
    kind: z.literal('private_key_jwt'),
    id,
    key: signingKeySchema,
    audience: assertionAudienceSchema.default('token_endpoint'),
  }),
  /** RFC 8705 section 2; the certificate is the one that the project has for the server's host. */
  z.strictObject({ kind: z.literal('tls_client_auth'), id }),
]);
export type Client = z.infer<typeof clientSchema>;
export type ClientAuthenticationKind = Client['kind'];
