import { describe, expect, it } from 'vitest';
import {
  type FilledPreset,
  fieldProblem,
  firstValues,
  fromPreset,
  matching,
  secretProblem,
} from '../../../../renderer/features/auth-manager/new-profile/from-preset.ts';
import { AppError } from '../../../../shared/errors.ts';
import { type Preset, presets } from '../../../../shared/presets/index.ts';
import { sampleProject } from '../../fake-engine.ts';
import { start } from './rig.ts';

function presetOf(id: string): Preset {
  const preset = presets.find((entry) => entry.id === id);
  if (preset === undefined) throw new Error(`There is no preset ${id}.`);
  return preset;
}

/** A preset with something in every field. */
function filled(preset: Preset, secrets: Record<string, string> = {}): FilledPreset {
  const given = preset.fields.map(({ name, value, kind }) => [
    name,
    kind === 'secret'
      ? secrets[name] === undefined
        ? ''
        : 'typed'
      : value || (kind === 'address' ? 'id.example.com' : 'x'),
  ]);
  return { preset, values: Object.fromEntries(given), secrets: new Map(Object.entries(secrets)) };
}

describe('a preset', () => {
  it('is found by words of its name, maker or purpose', () => {
    expect(matching('').length).toBe(presets.length);
    expect(matching('  MICROSOFT entra ').every(({ maker }) => maker === 'Microsoft')).toBe(true);
    expect(matching('keycloak').map(({ id }) => id)).toContain('apiax');
    expect(matching('no such maker')).toEqual([]);
  });

  it.each(presets.map((preset) => [preset.id, preset] as const))(
    '%s becomes a profile, with secrets in its fields alone',
    (_id, preset) => {
      const secretFields = preset.fields.filter(({ kind }) => kind === 'secret').map(({ name }) => name);
      const secrets = Object.fromEntries(secretFields.map((name) => [name, `MARKER-${name}`]));
      const { profile, stored } = fromPreset('a-profile', 'A profile', filled(preset, secrets));
      expect(profile.name).toBe('A profile');
      expect(JSON.stringify(profile)).not.toMatch(/MARKER|"typed"/);
      expect(stored.map(({ value }) => value).sort()).toEqual(Object.values(secrets).sort());
      for (const { variable } of stored) expect(JSON.stringify(profile)).toContain(`{{${variable}}}`);
      for (const field of preset.fields) {
        expect(
          fieldProblem(field, firstValues(preset)),
          `${field.name} begins with what is right`,
        ).toBeUndefined();
      }
    },
  );

  it('takes a variable in place of a secret, and a public client where there is none', () => {
    const keycloak = presetOf('keycloak');
    const named = fromPreset('k', 'K', filled(keycloak, { clientSecret: ' {{shared}} ' }));
    expect(named.profile.client).toMatchObject({ secret: '{{shared}}' });
    expect(named.stored).toEqual([]);
    expect(fromPreset('k', 'K', filled(keycloak)).profile.client.kind).toBe('none');
  });

  it('keeps the blanks of a secret that a person chose, and none around a token', () => {
    const stored = (preset: string, slot: string) =>
      fromPreset('k', 'K', filled(presetOf(preset), { [slot]: ' a b ' })).stored[0]?.value;
    expect(stored('keycloak', 'clientSecret')).toBe(' a b ');
    expect(stored('processmaker', 'refreshToken')).toBe('a b');
  });

  it('says what is wrong with a field as it is typed', () => {
    const keycloak = presetOf('keycloak');
    const problem = (name: string, value: string) => {
      const field = keycloak.fields.find((entry) => entry.name === name);
      return field && fieldProblem(field, { [name]: value });
    };
    expect(problem('url', 'id.example.com')).toBeUndefined();
    expect(problem('url', 'https://id.example.com/#x')).toContain('fragment');
    expect(problem('redirectUri', 'callback')).toContain('as it is registered');
    expect(problem('redirectUri', 'myapp:/callback')).toBeUndefined();
    expect(problem('scope', 'a "b"')).toContain('quotes');
    expect(secretProblem('refreshToken', 'Bearer x')).toContain('Remove “Bearer”');
    expect(secretProblem('clientSecret', 'Bearer x')).toBeUndefined();
  });
});

describe('a new profile', () => {
  const keycloak = () => filled(presetOf('keycloak'), { clientSecret: 'MARKER' });

  it('from a preset is saved with its settings, its secret goes to the vault, and it is chosen', async () => {
    const { manager, sent, engine } = await start({
      'profiles.create': async () => ({ id: 'my-keycloak' }),
      'profiles.save': async () => ({}),
      'secrets.save': async () => ({}),
    });
    expect(await manager.getState().create('My Keycloak', keycloak())).toBeNull();
    expect(sent('profiles.save')).toMatchObject([
      {
        id: 'my-keycloak',
        profile: { name: 'My Keycloak', client: { secret: '{{my_keycloak_client_secret}}' } },
      },
    ]);
    expect(sent('secrets.save')).toEqual([{ name: 'my_keycloak_client_secret', value: 'MARKER' }]);
    expect(manager.getState().selected).toBe('my-keycloak');
    expect(JSON.stringify([manager.getState(), engine.getState()])).not.toContain('MARKER');
  });

  it('is not left half made when it cannot be saved', async () => {
    const { manager, sent } = await start({
      'profiles.create': async () => ({ id: 'my-keycloak' }),
      'profiles.save': async () => {
        throw new AppError('project_not_open', 'The disk is full.');
      },
      'profiles.delete': async () => ({}),
    });
    expect(await manager.getState().create('My Keycloak', keycloak())).toMatchObject({
      message: 'The disk is full.',
    });
    expect(sent('profiles.delete')).toEqual([{ id: 'my-keycloak' }]);
    expect(manager.getState().selected).toBeNull();
  });

  it('never reaches a profile of the same id in another project', async () => {
    const { manager, wire, sent } = await start({
      'profiles.create': async () => {
        const project = sampleProject('/other');
        wire.emit({ kind: 'project', state: { kind: 'open', project, trusted: true } });
        return { id: 'orders' };
      },
      'secrets.save': async () => ({}),
    });
    await manager.getState().create('Orders', keycloak());
    expect(sent('profiles.save')).toEqual([]);
    expect(sent('secrets.save')).toEqual([]);
    expect(manager.getState().selected).toBeNull();
  });

  it('stays when the vault refuses its secret, which is said at the field', async () => {
    const { manager } = await start({
      'profiles.create': async () => ({ id: 'my-keycloak' }),
      'profiles.save': async () => ({}),
      'secrets.save': async () => {
        throw new AppError('vault_locked', 'Locked.');
      },
    });
    expect(await manager.getState().create('My Keycloak', keycloak())).toBeNull();
    expect(manager.getState().failures['my-keycloak:clientSecret']).toMatchObject({ code: 'vault_locked' });
  });
});
