import { describe, expect, it } from 'vitest';
import {
  certificatesPath,
  idsForName,
  profilePath,
  requestPath,
  scriptPath,
} from '../../../electron/projects/project-paths.ts';
import { failureOf } from './temporary-project.ts';

describe('paths in a project', () => {
  it.each([
    '../evil',
    '..',
    '.',
    '',
    'a/b',
    'a\\b',
    '/etc/passwd',
    'C:',
    'a.b',
    'a\0',
    'A',
    'con',
    'nul',
    'com1',
    'lpt9',
    'a'.repeat(65),
    '-a',
    'a\n',
  ])('refuse %j as the id of a profile or of certificates', async (id) => {
    for (const path of [profilePath, scriptPath, certificatesPath]) {
      const error = await failureOf((async () => path(id))());
      expect(error.code).toBe('name_invalid');
    }
  });

  it.each([
    'orders/../../evil',
    'orders//list',
    '/orders',
    'orders/',
    'orders/con',
    'a/b/c/d/e/f',
    'orders/folder',
    'folder',
  ])('refuse %j as the id of a request', async (id) => {
    expect((await failureOf((async () => requestPath(id))())).code).toBe('name_invalid');
  });

  it('follow from an id', () => {
    expect(certificatesPath('company-ca')).toBe('certificates/company-ca.pem');
    expect(profilePath('orders-api')).toBe('profiles/orders-api.json');
    expect(requestPath('orders/list')).toBe('requests/orders/list.json');
  });
});

describe('ids for a name', () => {
  function firstThree(name: string): (string | undefined)[] {
    const ids = idsForName(name);
    return [ids.next().value, ids.next().value, ids.next().value].map((id) => id ?? undefined);
  }

  it('count up', () => {
    expect(firstThree('Orders API')).toEqual(['orders-api', 'orders-api-2', 'orders-api-3']);
  });

  it('leave out the names of Windows devices and of the folder file', () => {
    expect(firstThree('CON')[0]).toBe('con-2');
    expect(firstThree('Folder')[0]).toBe('folder-2');
  });

  it('stay within the length of an id', () => {
    for (const id of firstThree('x'.repeat(120))) expect(profilePath(id ?? '')).toContain('xxx');
  });

  it('exist for a name without any letter', () => {
    expect(firstThree('///')[0]).toBe('unnamed');
  });
});
