import { AppError } from '../../shared/errors.ts';
import { isHeaderValue } from '../../shared/model/header-field.ts';
import { headerNameProblem, type Parameter, type ParameterTarget } from '../../shared/model/parameter.ts';
import type { ResolvedProfile } from './resolved-profile.ts';

/** The same name may stand several times, and their order is kept. */
export type Parameters = readonly (readonly [name: string, value: string])[];

/** A profile's own parameters of one request, by where they stand. */
export interface OwnParameters {
  query: Parameters;
  body: Parameters;
  headers: Parameters;
}

export const noParameters: OwnParameters = { query: [], body: [], headers: [] };

function invalid(profile: ResolvedProfile, index: number, problem: string, action: string): AppError {
  return new AppError(
    'parameter_invalid',
    `${problem}, in the parameters of the profile "${profile.name}".`,
    {
      action,
      details: { profile: profile.id, field: `parameters.${index}` },
    },
  );
}

function checkHeader(profile: ResolvedProfile, { name, value }: Parameter, index: number): void {
  const wrong = headerNameProblem(name);
  if (wrong === 'not_a_name') {
    const shown = name.replace(/\p{Cc}/gu, ' ').slice(0, 80);
    const action = 'Use letters, digits and hyphens, without spaces or a colon.';
    throw invalid(profile, index, `"${shown}" is not a header name`, action);
  }
  if (wrong === 'fixed') {
    const action = 'Remove it: each of these requests has the one that it needs.';
    throw invalid(profile, index, `The header ${name} is set by Grantwright itself`, action);
  }
  if (!isHeaderValue(value)) {
    const problem = `The value of the header ${name} has a line break or a character that no header can carry`;
    throw invalid(profile, index, problem, 'Remove it, from the value or from the variables in it.');
  }
}

/**
 * The parameters that a profile adds to a request. One for several targets stands there once. Throws `parameter_invalid`
 * for what can be no header, with nothing of its value.
 */
export function ownParameters(profile: ResolvedProfile, targets: readonly ParameterTarget[]): OwnParameters {
  const all = profile.parameters.filter(({ to }) => to.some((target) => targets.includes(target)));
  for (const [index, parameter] of profile.parameters.entries()) {
    if (parameter.in === 'header' && all.includes(parameter)) checkHeader(profile, parameter, index);
  }
  const within = (place: Parameter['in']): Parameters =>
    all.filter((parameter) => parameter.in === place).map(({ name, value }) => [name, value] as const);
  return { query: within('query'), body: within('body'), headers: within('header') };
}

/** Those that go with the authorization request, where there are no places to choose from (RFC 6749 section 3.1). */
export function authorizationParameters(profile: ResolvedProfile): Parameters {
  return profile.parameters
    .filter(({ to }) => to.includes('authorization'))
    .map(({ name, value }) => [name, value] as const);
}

/** The scope that a profile asks for (RFC 6749 section 3.3): a parameter of that name goes before its own field. */
export function askedScope({ scope, parameters }: Pick<ResolvedProfile, 'scope' | 'parameters'>): string {
  const own = parameters.find(
    ({ name, to }) => name === 'scope' && to.some((target) => target !== 'refresh'),
  );
  return own?.value ?? scope;
}

/** The app's own parameters, each but those that the person gives a value of their own, and then theirs. */
export function overridden(
  defaults: Parameters,
  own: Parameters,
  elsewhere: Parameters = [],
): [string, string][] {
  const names = new Set([...own, ...elsewhere].map(([name]) => name));
  return [...defaults.filter(([name]) => !names.has(name)), ...own].map(([name, value]) => [name, value]);
}

/** A URL with parameters in its query, in place of any of the same names that it had. */
export function withQuery(url: string, parameters: Parameters): string {
  const result = new URL(url);
  for (const [name] of parameters) result.searchParams.delete(name);
  for (const [name, value] of parameters) result.searchParams.append(name, value);
  return result.href;
}
