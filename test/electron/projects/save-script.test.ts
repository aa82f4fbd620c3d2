import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { saveScript } from '../../../electron/projects/project-changes.ts';
import { failureOf, put, temporaryProject } from './temporary-project.ts';

const file = 'scripts/shop.js';

function project(script?: string): string {
  return temporaryProject({
    'profiles/shop.json': '{"name":"Shop"}',
    ...(script === undefined ? {} : { [file]: script }),
  });
}

const text = (folder: string) => readFileSync(join(folder, file), 'utf8');

describe('saveScript with the text that it was made from', () => {
  it('writes over that text, and over no other', async () => {
    const folder = project('one');
    await saveScript(folder, 'shop', 'const theirs;', 'one');
    expect(text(folder)).toBe('const theirs;');
    const failure = await failureOf(saveScript(folder, 'shop', 'const mine;', 'one'));
    expect(failure).toMatchObject({ code: 'script_changed', details: { file }, action: expect.any(String) });
    expect(JSON.stringify(failure.toWire())).not.toMatch(/const (mine|theirs)/);
    expect(text(folder)).toBe('const theirs;');
  });

  it('takes a file that holds already what is to be written', async () => {
    const folder = project('two');
    await saveScript(folder, 'shop', 'two', 'one');
    expect(text(folder)).toBe('two');
  });

  it('neither brings back a deleted script nor deletes a changed one', async () => {
    const folder = project('one');
    rmSync(join(folder, file));
    expect(await failureOf(saveScript(folder, 'shop', 'two', 'one'))).toMatchObject({
      code: 'script_changed',
    });
    expect(existsSync(join(folder, file))).toBe(false);
    await saveScript(folder, 'shop', null, 'one');
    put(folder, file, 'theirs');
    expect(await failureOf(saveScript(folder, 'shop', null, 'one'))).toMatchObject({
      code: 'script_changed',
    });
    expect(await failureOf(saveScript(folder, 'shop', 'mine', null))).toMatchObject({
      code: 'script_changed',
    });
    expect(text(folder)).toBe('theirs');
  });

  it('lets one of two windows win, and tells the other', async () => {
    const folder = project('one');
    const both = await Promise.allSettled([
      saveScript(folder, 'shop', 'first', 'one'),
      saveScript(folder, 'shop', 'second', 'one'),
    ]);
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(text(folder)).toBe('first');
  });

  it('overwrites whatever is there without it', async () => {
    const folder = project('one');
    await saveScript(folder, 'shop', 'two');
    expect(text(folder)).toBe('two');
  });
});
