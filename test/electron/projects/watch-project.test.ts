import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { saveRequest } from '../../../electron/projects/project-changes.ts';
import { readProject } from '../../../electron/projects/project-folder.ts';
import { watchProject } from '../../../electron/projects/watch-project.ts';
import { requestSchema } from '../../../shared/model/request.ts';
import { failureOf, projectText, put, temporaryProject } from './temporary-project.ts';

const request = requestSchema.parse({ name: 'List', url: 'https://x.example' });

/** Watches, and reads the project anew at each change, as the engine does. */
async function watched(folder: string) {
  const state = { told: 0, requests: [] as string[], error: '' };
  async function reread(): Promise<void> {
    state.told += 1;
    try {
      const project = await readProject(folder);
      state.requests = project.requests.map(({ id }) => id);
      state.error = '';
    } catch {
      state.error = (await failureOf(readProject(folder))).code;
    }
  }
  const watch = await watchProject(folder, () => void reread());
  onTestFinished(() => watch.close());
  return { state, watch };
}

const until = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 20 });

describe('watchProject', () => {
  it('tells of edits in folders that were there and in new ones', async () => {
    const folder = temporaryProject({ 'requests/a.json': JSON.stringify(request) });
    const { state } = await watched(folder);
    put(folder, 'requests/b.json', JSON.stringify(request));
    await until(() => expect(state.requests).toEqual(['a', 'b']));
    put(folder, 'requests/new/deep/c.json', JSON.stringify(request));
    await until(() => expect(state.requests).toEqual(['a', 'b', 'new/deep/c']));
    put(folder, 'requests/new/deep/d.json', JSON.stringify(request));
    await until(() => expect(state.requests).toContain('new/deep/d'));
    rmSync(`${folder}/requests/a.json`);
    await until(() => expect(state.requests).not.toContain('a'));
  });

  it('tells of its own writes too', async () => {
    const folder = temporaryProject();
    const { state } = await watched(folder);
    await saveRequest(folder, 'mine', request);
    await until(() => expect(state.requests).toEqual(['mine']));
  });

  it('gathers a burst of edits', async () => {
    const folder = temporaryProject();
    const { state } = await watched(folder);
    for (let count = 0; count < 200; count += 1)
      put(folder, `requests/r${count}.json`, JSON.stringify(request));
    await until(() => expect(state.requests).toHaveLength(200));
    expect(state.told).toBeLessThan(20);
  });

  it('does not tell of files that are not of the project', async () => {
    const folder = temporaryProject();
    const { state } = await watched(folder);
    const clock = temporaryProject();
    const { state: other } = await watched(clock);
    put(folder, '.git/objects/1', 'x');
    put(folder, 'notes.txt', 'x');
    // By the time that another watch has told of a later edit, this one would have told of these.
    put(clock, 'requests/b.json', JSON.stringify(request));
    await until(() => expect(other.requests).toEqual(['b']));
    expect(state.told).toBe(0);
    put(folder, 'requests/a.json', JSON.stringify(request));
    await until(() => expect(state.requests).toEqual(['a']));
  });

  it('survives the deletion of the folder, and its return', async () => {
    const folder = temporaryProject({ 'requests/a.json': JSON.stringify(request) });
    const { state } = await watched(folder);
    rmSync(folder, { recursive: true });
    await until(() => expect(state.error).toBe('project_not_found'));
    put(folder, 'grantwright.json', projectText);
    await until(() => expect(state.error).toBe(''));
    put(folder, 'requests/b.json', JSON.stringify(request));
    await until(() => expect(state.requests).toEqual(['b']));
  });

  it.skipIf(process.platform === 'win32')('notices that the folder was moved away or replaced', async () => {
    const folder = temporaryProject();
    const other = temporaryProject({ 'requests/other.json': JSON.stringify(request) });
    const { state } = await watched(folder);
    renameSync(folder, `${folder}-moved`);
    onTestFinished(() => rmSync(`${folder}-moved`, { recursive: true, force: true }));
    await until(() => expect(state.error).toBe('project_not_found'));
    renameSync(other, folder);
    mkdirSync(other);
    await until(() => expect(state.requests).toEqual(['other']));
  });

  it('tells nothing after it was closed', async () => {
    const folder = temporaryProject();
    const { state, watch } = await watched(folder);
    const second = await watched(folder);
    put(folder, 'requests/a.json', JSON.stringify(request));
    watch.close();
    await until(() => expect(second.state.requests).toEqual(['a']));
    expect(state.told).toBe(0);
  });
});
