import { z } from 'zod';
import { idSchema, nameSchema } from '../model/identifier.ts';
import { introspectionSchema, tokenEventSchema, tokenStatusSchema } from '../model/token.ts';
import { tokenInspectionSchema } from '../model/token-inspection.ts';
import { call, done, nothing } from './definition.ts';

/** Whose token set; without a persona the profile's active one's. */
export const ofToken = z.strictObject({ profile: idSchema, persona: nameSchema.nullable().default(null) });

/** The calls about token sets. */
export const tokenCalls = {
  'tokens.statuses': call(nothing, z.strictObject({ statuses: z.array(tokenStatusSchema) })),
  'tokens.get': call(ofToken, tokenStatusSchema),
  'tokens.refresh': call(ofToken, tokenStatusSchema),
  /**
   * Says whether a script may type on the page of another host, as a consent's `question` asks; for this consent alone.
   * Throws `question_over` when it is answered already, or its consent has ended.
   */
  'tokens.answerHost': call(z.strictObject({ id: z.string(), allow: z.boolean() }), done),
  /** Ends whatever update of the token set is under way; those who wait for it fail with `consent_cancelled`. */
  'tokens.cancel': call(ofToken, done),
  'tokens.forget': call(ofToken, tokenStatusSchema),
  'tokens.reveal': call(ofToken, z.strictObject({ accessToken: z.string() })),
  /**
   * What a request of the profile carries, to be taken to another program: a header's or cookie's value, or that of a
   * query or form field. A token event as `tokens.reveal` is. Throws `token_missing`.
   */
  'tokens.revealCredential': call(
    ofToken,
    z.strictObject({
      kind: z.enum(['header', 'query', 'form', 'cookie']),
      name: z.string(),
      value: z.string(),
    }),
  ),
  /** Revokes refresh token and access token at the server (RFC 7009), then deletes what was revoked here. */
  'tokens.revoke': call(
    ofToken,
    z.strictObject({
      status: tokenStatusSchema,
      revoked: z.array(z.enum(['access_token', 'refresh_token'])),
    }),
  ),
  /**
   * Decodes the tokens that are held and verifies JWTs with the server's keys. Nothing in the answer can be used as a
   * token, so that it is no token event. Throws `token_missing`.
   */
  'tokens.inspect': call(ofToken, tokenInspectionSchema),
  /** Asks the server about a token (RFC 7662). Nothing that it answers changes what is held. */
  'tokens.introspect': call(
    ofToken.extend({ token: z.enum(['access_token', 'refresh_token']).default('access_token') }),
    introspectionSchema,
  ),
  /**
   * Ends the person's session at the provider (OpenID Connect RP-Initiated Logout 1.0), in the consent browser.
   * `returned`: the server sent back to the post-logout redirect URI; `page`: it showed a page of its own and asked nothing.
   * Throws `logout_unconfirmed` where it asks and nobody is here to answer.
   */
  'tokens.logout': call(
    ofToken,
    z.strictObject({ status: tokenStatusSchema, end: z.enum(['returned', 'page']) }),
  ),
  /** Deletes the consent browser's kept session of a persona. */
  'tokens.clearSession': call(ofToken, tokenStatusSchema),
  /** The token events of the open project, oldest first, at most `keptTokenEvents`. */
  'tokens.events': call(nothing, z.strictObject({ events: z.array(tokenEventSchema) })),
} as const;
