import type { GrantKind } from '../../../../shared/model/grant.ts';
import type { Parameter, ParameterTarget } from '../../../../shared/model/parameter.ts';
import type { ServerSupport } from '../../../../shared/model/server-support.ts';
import { knownParameter } from './parameter-names.ts';
import { listedWords } from './server-support.ts';

const first: Partial<Record<GrantKind, string>> = {
  device_code: 'Device request',
  ciba: 'Backchannel request',
};

/** A request that a parameter goes to, as this grant has it. */
export function targetLabel(target: ParameterTarget, grant: GrantKind): string {
  if (target === 'authorization') return first[grant] ?? 'Authorization';
  return target === 'token' ? 'Token' : 'Refresh';
}

/** What a parameter is for, or that it goes to none of the requests that there are. */
export function parameterHint(
  { name, to }: Parameter,
  targets: readonly ParameterTarget[],
  support: ServerSupport | undefined,
): string {
  if (name.trim() === '') return 'Choose a name or type one.';
  if (!to.some((target) => targets.includes(target)))
    return 'With this grant it goes nowhere: choose a request.';
  const known = knownParameter(name);
  if (known === undefined) return 'A parameter of this server’s own.';
  const levels = known.name === 'acr_values' ? (support?.acrValues ?? []) : [];
  return levels.length === 0 ? known.text : `${known.text} ${listedWords(levels)}`;
}
