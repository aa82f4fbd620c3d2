import { z } from 'zod';

/** Null: the document does not list them. */
const listed = z.array(z.string()).nullable();

/**
 * What a discovery document says that its server can do (RFC 8414 section 2, OpenID Connect Discovery 1.0 section 3, RFC
 * 9126 section 5, RFC 9449 section 5.1). Real servers list too much and too little: it explains a choice and forbids none.
 */
export const serverSupportSchema = z.strictObject({
  scopes: listed,
  grantTypes: listed,
  responseTypes: listed,
  responseModes: listed,
  /** RFC 7591's `token_endpoint_auth_method` values. */
  clientAuthentication: listed,
  /** Of client assertions. */
  assertionAlgorithms: listed,
  pkce: listed,
  dpopAlgorithms: listed,
  requestObjectAlgorithms: listed,
  acrValues: listed,
  /** Whether the server takes pushed authorization requests alone. */
  pushedRequestRequired: z.boolean(),
});
export type ServerSupport = z.infer<typeof serverSupportSchema>;
