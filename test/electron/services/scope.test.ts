import { describe, expect, it } from 'vitest';
import { readProject } from '../../../electron/projects/project-folder.ts';
import { environmentIn, profilesHaving } from '../../../electron/services/scope.ts';
import { failureOf, temporaryProject } from '../projects/temporary-project.ts';

function projectWith(files: Record<string, string>) {
  return readProject(temporaryProject(files));
}

describe('the active environment', () => {
  const two = { 'environments/one.json': '{ "name": "One" }', 'environments/two.json': '{ "name": "Two" }' };

  it('is the one that was chosen, be it none', async () => {
    const project = await projectWith(two);
    expect(environmentIn(project, 'two')?.environment.name).toBe('Two');
    expect(environmentIn(project, null)).toBeNull();
  });

  it('is none where the one that was chosen is gone', async () => {
    expect(environmentIn(await projectWith(two), 'three')).toBeNull();
  });

  it('is the first while none was chosen', async () => {
    expect(environmentIn(await projectWith({ ...two, 'profiles/a.json': '{' }), undefined)?.id).toBe('one');
    expect(environmentIn(await projectWith({}), undefined)).toBeNull();
  });

  it('is none while none was chosen and one is damaged, which may be the one meant', async () => {
    const project = await projectWith({ ...two, 'environments/a.json': '{' });
    expect(environmentIn(project, undefined)).toBeNull();
    expect(environmentIn(project, 'two')?.id).toBe('two');
  });
});

describe('the profiles that have a persona', () => {
  const profile = (...names: string[]) =>
    JSON.stringify({
      ...{ name: 'Orders', server: {}, client: { kind: 'none', id: 'app' } },
      grant: { kind: 'client_credentials' },
      personas: names.map((name) => ({ name })),
    });

  async function scope() {
    const project = await projectWith({
      'profiles/orders.json': profile('admin', 'reader'),
      'profiles/stock.json': profile('admin'),
    });
    return { project, environmentId: null, environment: null, personas: {}, trusted: true };
  }

  it('are all of that name', async () => {
    expect(profilesHaving(await scope(), 'admin')).toEqual(['orders', 'stock']);
    expect(profilesHaving(await scope(), 'reader')).toEqual(['orders']);
  });

  it('are missing where no profile has it: the names there are stand in the error, each once', async () => {
    const error = await failureOf(scope().then((each) => profilesHaving(each, 'guest')));
    expect([error.code, error.action]).toEqual(['persona_not_found', 'Choose one of: “admin”, “reader”.']);
  });
});
