import { issueRequestObject, modifyAssertion } from 'oauth4webapi';
import { AppError } from '../../shared/errors.ts';
import { headerOf, privateKey } from './keys/private-key.ts';
import type { Parameters } from './parameters.ts';
import type { ResolvedKey, ResolvedProfile } from './resolved-profile.ts';

/** What the library reads as JSON, or as a number, before it signs. */
const typed: Record<string, string> = {
  claims: 'a JSON object',
  authorization_details: 'a JSON list',
  max_age: 'a number',
};

function unfit(profile: ResolvedProfile, parameters: Parameters, cause: unknown): AppError {
  const name = Object.keys(typed).find(
    (one) =>
      cause instanceof Error && cause.message.includes(`"${one}"`) && parameters.some(([own]) => own === one),
  );
  if (name === undefined) return AppError.from(cause);
  return invalid(profile, name, `is not ${typed[name]}`, `Write it as ${typed[name]}.`);
}

function invalid(profile: ResolvedProfile, name: string, is: string, action: string): AppError {
  const index = profile.parameters.findIndex((parameter) => parameter.name === name);
  return new AppError(
    'parameter_invalid',
    `The parameter ${name} of the profile "${profile.name}" ${is}, so it cannot stand in a signed request.`,
    { action, details: { profile: profile.id, field: `parameters.${index}` } },
  );
}

/** What stands several times in a query, which no JWT can have: each of these becomes a list there. */
function repeated(parameters: Parameters): [name: string, values: string[]][] {
  const names = new Set(parameters.map(([name]) => name));
  const all = [...names].map((name): [string, string[]] => [
    name,
    parameters.filter(([own]) => own === name).map(([, value]) => value),
  ]);
  return all.filter(([, values]) => values.length > 1);
}

/** A person may have to open the address by hand; the library's minute is soon over. */
const lifetimeSeconds = 600;

/**
 * The authorization request as a signed JWT (RFC 9101 section 4), good for ten minutes. Throws `parameter_invalid`, and what
 * `privateKey` throws.
 */
export async function requestObject(
  profile: ResolvedProfile,
  key: ResolvedKey,
  { clientId, issuer, parameters }: { clientId: string; issuer: string; parameters: Parameters },
): Promise<string> {
  const signing = await privateKey(profile, 'protection.requestObject.key', key);
  const sent = parameters.map(([name, value]) => [name, value]);
  const lists = repeated(parameters);
  const twice = lists.find(([name]) => Object.hasOwn(typed, name))?.[0];
  if (twice !== undefined)
    throw invalid(profile, twice, 'is there several times', 'Write all of it into one.');
  try {
    return await issueRequestObject({ issuer }, { client_id: clientId }, sent, signing.key, {
      [modifyAssertion](header, claims) {
        claims.exp = Number(claims.iat) + lifetimeSeconds;
        // The library takes the last value alone, but for `resource`.
        for (const [name, values] of lists) if (claims[name] === values.at(-1)) claims[name] = values;
        Object.assign(header, headerOf(signing));
      },
    });
  } catch (cause) {
    throw unfit(profile, parameters, cause);
  }
}
