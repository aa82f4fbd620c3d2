import { describe, expect, it } from 'vitest';
import { profileSchema } from '../../../shared/model/profile.ts';
import {
  missingFields,
  type Preset,
  type PresetValues,
  presets,
  profileOf,
} from '../../../shared/presets/index.ts';

/** What a tester would type: the examples, where nothing stands yet. */
function filled(preset: Preset): PresetValues {
  const values = preset.fields.map(({ name, value, example }) => [name, value || example || 'typed']);
  return Object.fromEntries(values);
}

const find = (id: string) => {
  const preset = presets.find((one) => one.id === id);
  if (preset === undefined) throw new Error(`there is no preset ${id}`);
  return preset;
};

describe.each(presets.map((preset) => [preset.id, preset] as const))('the preset %s', (_id, preset) => {
  it('comes to a profile that is stored as it is', () => {
    const profile = profileOf(preset, 'Mine', filled(preset));
    expect(profileSchema.parse(JSON.parse(JSON.stringify(profile)))).toEqual(profile);
    expect(profile.name).toBe('Mine');
  });

  it('has whole addresses of what it fills in', () => {
    const { server } = profileOf(preset, 'Mine', filled(preset));
    for (const url of Object.values(server).filter((text) => text !== '')) {
      expect(new URL(url).href).not.toMatch(/undefined|typed\/typed|[^:]\/\//);
    }
    expect(`${server.issuer}${server.tokenUrl}`).not.toBe('');
  });

  it('asks for what it needs, and for no more than a minute takes', () => {
    expect(preset.fields.length).toBeLessThanOrEqual(7);
    const wanted = preset.fields.filter(({ optional, value }) => !optional && value === '');
    expect(
      missingFields(preset, Object.fromEntries(preset.fields.map(({ name, value }) => [name, value]))),
    ).toEqual(wanted.map(({ name }) => name));
    expect(missingFields(preset, filled(preset))).toEqual([]);
  });

  it('puts no secret into the project', () => {
    const values = { ...filled(preset), clientSecret: 'marker-s3cret' };
    expect(JSON.stringify(profileOf(preset, 'Mine', values))).not.toContain('marker-s3cret');
  });

  it('tells where to read on', () => {
    expect(new URL(preset.documentation).protocol).toBe('https:');
  });
});

it('no two presets have one id, or one name of one maker', () => {
  expect(new Set(presets.map(({ id }) => id)).size).toBe(presets.length);
  expect(new Set(presets.map(({ name, maker }) => `${maker} ${name}`)).size).toBe(presets.length);
});

describe('what is typed', () => {
  it('may be a bare host, have a slash at its end, or be a variable', () => {
    const issuer = (url: string) =>
      profileOf(find('keycloak'), 'K', { ...filled(find('keycloak')), url, realm: ' r ' }).server.issuer;
    expect(issuer('sso.example')).toBe('https://sso.example/realms/r');
    expect(issuer(' https://sso.example/auth// ')).toBe('https://sso.example/auth/realms/r');
    expect(issuer('{{login}}')).toBe('{{login}}/realms/r');
    expect(issuer('http://127.0.0.1:8080')).toBe('http://127.0.0.1:8080/realms/r');
  });

  it('makes a public client of one without a secret', () => {
    const client = (clientSecret: string) =>
      profileOf(find('okta'), 'O', { ...filled(find('okta')), clientSecret }).client.kind;
    expect([client(''), client(' '), client('x')]).toEqual(['none', 'none', 'client_secret_basic']);
  });

  it('leaves out the parameters of which nothing is typed', () => {
    const parameters = (id: string, name: string) => [
      profileOf(find(id), 'P', { ...filled(find(id)), [name]: '' }).parameters.map((one) => one.name),
      profileOf(find(id), 'P', { ...filled(find(id)), [name]: 'x' }).parameters.map((one) => one.name),
    ];
    expect(parameters('auth0', 'audience')).toEqual([[], ['audience']]);
    expect(parameters('slack', 'userScope')).toEqual([[], ['user_scope']]);
    expect(parameters('microsoft', 'prompt')).toEqual([[], ['prompt']]);
    expect(parameters('microsoft_v1', 'prompt')).toEqual([['resource'], ['resource', 'prompt']]);
  });

  it('gets Google’s refresh token', () => {
    const { parameters } = profileOf(find('google'), 'G', filled(find('google')));
    expect(parameters.map(({ name, value, to }) => [name, value, ...to])).toEqual([
      ['access_type', 'offline', 'authorization'],
      ['prompt', 'consent', 'authorization'],
    ]);
  });
});
