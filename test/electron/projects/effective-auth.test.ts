import { describe, expect, it } from 'vitest';
import { effectiveAuth } from '../../../electron/projects/effective-auth.ts';
import type { RequestAuth } from '../../../shared/model/request.ts';
import { failureOf } from './temporary-project.ts';

const inherit: RequestAuth = { kind: 'inherit' };
const profile = (id: string): RequestAuth => ({ kind: 'profile', profile: id, persona: null });
const folder = (id: string, auth: RequestAuth) => ({ id, folder: { name: id, auth } });

describe('effectiveAuth', () => {
  const folders = [folder('a', profile('outer')), folder('a/b', inherit), folder('a/c', { kind: 'none' })];
  const project = { folders, problems: [] };

  it('keeps what the request itself says', () => {
    expect(effectiveAuth(project, 'a/list', { kind: 'none' })).toEqual({ kind: 'none' });
    expect(effectiveAuth(project, 'a/list', profile('own'))).toEqual(profile('own'));
  });

  it('takes the nearest folder that says something', () => {
    expect(effectiveAuth(project, 'a/list', inherit)).toEqual(profile('outer'));
    expect(effectiveAuth(project, 'a/b/list', inherit)).toEqual(profile('outer'));
    expect(effectiveAuth(project, 'a/x/list', inherit)).toEqual(profile('outer'));
    expect(effectiveAuth(project, 'a/c/list', inherit)).toEqual({ kind: 'none' });
  });

  it('means no token when nothing above says anything', () => {
    expect(effectiveAuth(project, 'list', inherit)).toEqual({ kind: 'none' });
    expect(effectiveAuth({ folders: [], problems: [] }, 'x/y/list', inherit)).toEqual({ kind: 'none' });
  });

  it('fails rather than send without a token when a folder on the way is damaged', async () => {
    const problems = [
      { code: 'project_file_unreadable' as const, message: '', details: { file: 'requests/a/folder.json' } },
    ];
    const error = await failureOf(
      (async () => effectiveAuth({ folders: [], problems }, 'a/list', inherit))(),
    );
    expect(error.message).toContain('requests/a/folder.json');
    expect(effectiveAuth({ folders: [], problems }, 'a/list', profile('own'))).toEqual(profile('own'));
  });
});
