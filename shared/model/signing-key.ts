import { z } from 'zod';
import { secretReferenceSchema, templateSchema } from './variable.ts';

/** JWS algorithms with a private key (RFC 7518 section 3.1, RFC 8037 section 3.1). */
export const signingAlgorithmSchema = z.enum([
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
]);
export type SigningAlgorithm = z.infer<typeof signingAlgorithmSchema>;

/** A private key to sign with. */
export const signingKeySchema = z.strictObject({
  /** PEM (PKCS#8, PKCS#1 or SEC 1), a JWK (RFC 7517), or PKCS#12 in base64. */
  key: secretReferenceSchema.default(''),
  /** Of an encrypted PEM or of PKCS#12; empty: none. */
  passphrase: secretReferenceSchema.default(''),
  algorithm: signingAlgorithmSchema.default('RS256'),
  /** `kid` of the JWT's header; empty: the JWK's own, else none. */
  keyId: templateSchema.default(''),
});
export type SigningKey = z.infer<typeof signingKeySchema>;
