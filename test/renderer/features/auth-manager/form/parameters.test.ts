import { describe, expect, it } from 'vitest';
import {
  newParameter,
  type ParameterRow,
  parameterIssues,
  parametersOf,
} from '../../../../../renderer/features/auth-manager/form/parameter-form.ts';
import {
  chosen,
  knownParameters,
  reservedAdvice,
} from '../../../../../renderer/features/auth-manager/form/parameter-names.ts';
import {
  parameterHint,
  targetLabel,
} from '../../../../../renderer/features/auth-manager/form/parameter-words.ts';
import { formOf, profileOf } from '../../../../../renderer/features/auth-manager/profile-form.ts';
import {
  parameterSchema,
  parameterTargetSchema,
  reservedParameters,
} from '../../../../../shared/model/parameter.ts';
import { newProfile } from '../../../../../shared/model/profile.ts';
import { serverSupportSchema } from '../../../../../shared/model/server-support.ts';

const everywhere = parameterTargetSchema.options;
const row = (patch: Partial<ParameterRow>): ParameterRow => ({ ...newParameter, ...patch });

describe('rows of parameters', () => {
  it('are not there yet without any text', () => {
    expect(parametersOf([newParameter, row({ name: ' audience ', value: 'x' })])).toEqual([
      row({ name: 'audience', value: 'x' }),
    ]);
    expect(parameterIssues([newParameter])).toEqual({});
  });

  it('are named by their place on the screen, whatever rows are still empty', () => {
    const profile = newProfile('Orders');
    const parameters = [newParameter, row({ name: 'state', value: 'x' }), row({ name: 'audience', to: [] })];
    const built = profileOf({ ...formOf(profile), parameters }, profile);
    expect(built.kind === 'invalid' && Object.keys(built.issues)).toEqual([
      'parameters.1.name',
      'parameters.2.to',
    ]);
  });

  it('that go out as headers want a name that can be one', () => {
    const issue = (patch: Partial<ParameterRow>) =>
      parameterIssues([row({ value: 'x', in: 'header', to: ['token'], ...patch })])['parameters.0.name'];
    expect(issue({ name: 'X-Tenant' })).toBeUndefined();
    expect(issue({ name: 'X Tenant:' })).toContain('without blanks or a colon');
    expect(issue({ name: 'Content-Type' })).toContain('sets this header itself');
    expect(issue({ name: 'X Tenant:', to: ['authorization'] })).toBeUndefined();
    expect(issue({ name: 'X Tenant:', in: 'body' })).toBeUndefined();
  });

  it('want a name', () => {
    expect(parameterIssues([row({ value: 'x' })])).toEqual({ 'parameters.0.name': 'It needs a name.' });
  });

  it('say of every name that is not free where its value belongs', () => {
    for (const name of reservedParameters) {
      expect(parameterSchema.safeParse(row({ name, value: 'x' })).success).toBe(false);
      expect(parameterIssues([row({ name, value: 'x' })])['parameters.0.name']).toMatch(/Remove this row\.$/);
    }
    expect(reservedAdvice('audience')).toBeUndefined();
    expect(reservedAdvice('toString')).toBeUndefined();
  });
});

describe('suggested names', () => {
  it('are all allowed, explained, and stand once', () => {
    const names = knownParameters.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const known of knownParameters) {
      expect(
        parametersOf([chosen(newParameter, known.name)]).map((one) => parameterSchema.parse(one).to),
      ).toEqual([[...known.to]]);
      expect(parameterHint(chosen(newParameter, known.name), everywhere, undefined)).toBe(known.text);
    }
    for (const name of [
      'resource',
      'audience',
      'prompt',
      'login_hint',
      'acr_values',
      'nonce',
      'access_type',
    ]) {
      expect(names).toContain(name);
    }
  });

  it('bring a value to begin with, and leave one that stands there', () => {
    expect(chosen(newParameter, 'access_type').value).toBe('offline');
    expect(chosen(row({ value: 'online' }), 'access_type').value).toBe('online');
    expect(chosen(newParameter, 'own').to).toEqual(newParameter.to);
  });

  it('name the levels that the server lists', () => {
    const support = serverSupportSchema.parse({
      ...{ scopes: null, grantTypes: null, responseTypes: null, responseModes: null, pkce: null },
      ...{ clientAuthentication: null, assertionAlgorithms: null, dpopAlgorithms: null },
      ...{ requestObjectAlgorithms: null, pushedRequestRequired: false, acrValues: ['silver', 'gold'] },
    });
    expect(parameterHint(row({ name: 'acr_values' }), everywhere, support)).toContain(
      'The server lists: silver gold.',
    );
  });
});

describe('the requests that they go to', () => {
  it('are asked for where the grant has none of those that were chosen', () => {
    const audience = row({ name: 'audience', to: ['authorization'] });
    expect(parameterHint(audience, ['token', 'refresh'], undefined)).toContain('it goes nowhere');
    expect(parameterHint(audience, everywhere, undefined)).not.toContain('it goes nowhere');
  });

  it('are named as the grant has them', () => {
    expect(targetLabel('authorization', 'authorization_code')).toBe('Authorization');
    expect(targetLabel('authorization', 'device_code')).toBe('Device request');
    expect(targetLabel('authorization', 'ciba')).toBe('Backchannel request');
    expect(targetLabel('refresh', 'password')).toBe('Refresh');
  });
});
