import { z } from 'zod';
import { framingHeaders, isHeaderName } from './header-field.ts';
import { templateSchema } from './variable.ts';

/** The requests of the protocol that may carry a parameter of the profile's. */
export const parameterTargetSchema = z.enum(['authorization', 'token', 'refresh']);
export type ParameterTarget = z.infer<typeof parameterTargetSchema>;

/** What this app fills in itself; a profile's own would break the flow, or leak a secret. */
export const reservedParameters = [
  'actor_token',
  'assertion',
  'auth_req_id',
  'client_assertion',
  'client_assertion_type',
  'client_id',
  'client_secret',
  'code',
  'code_challenge',
  'code_challenge_method',
  'code_verifier',
  'device_code',
  'grant_type',
  'password',
  'redirect_uri',
  'refresh_token',
  'request',
  'request_uri',
  'response_mode',
  'response_type',
  'state',
  'subject_token',
  'username',
] as const;
export type ReservedParameter = (typeof reservedParameters)[number];
const reserved: ReadonlySet<string> = new Set(reservedParameters);

/** Headers that the request could not be sent without, or twice: its form, its frame (RFC 9112), its proof (RFC 9449). */
const fixedHeaders: ReadonlySet<string> = new Set([...framingHeaders, 'content-type', 'dpop', 'host']);

/** Why a name can be no header's that a person adds (RFC 9110 section 5.1), or null. */
export function headerNameProblem(name: string): 'not_a_name' | 'fixed' | null {
  if (!isHeaderName(name)) return 'not_a_name';
  return fixedHeaders.has(name.toLowerCase()) ? 'fixed' : null;
}

/** Whether something stands in headers alone, which no name of the protocol's is taken from. */
function isHeaderOnly(parameter: {
  in: 'query' | 'body' | 'header';
  to: readonly ParameterTarget[];
}): boolean {
  return parameter.in === 'header' && !parameter.to.includes('authorization');
}

/** One further parameter of the protocol's requests, for example `audience`, `resource` (RFC 8707) or `prompt`. */
export const parameterSchema = z
  .strictObject({
    /** The same name may stand several times: `resource` does. */
    name: z.string().trim().min(1, 'a name').max(200),
    value: templateSchema,
    /** Where in the request it stands. The authorization request is an address: there it is always in the query. */
    in: z.enum(['query', 'body', 'header']).default('body'),
    to: z
      .array(parameterTargetSchema)
      .min(1, 'at least one request')
      .refine((targets) => new Set(targets).size === targets.length, {
        message: 'a request stands there twice',
      }),
  })
  .refine((parameter) => isHeaderOnly(parameter) || !reserved.has(parameter.name), {
    path: ['name'],
    message: 'the app fills this one in itself: it has its own field in the form',
  });
export type Parameter = z.infer<typeof parameterSchema>;
