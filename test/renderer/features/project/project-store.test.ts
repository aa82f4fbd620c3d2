import { describe, expect, it } from 'vitest';
import { statusKey } from '../../../../renderer/api/snapshot.ts';
import { createProjectStore, defaultFolder } from '../../../../renderer/features/project/project-store.ts';
import { AppError } from '../../../../shared/errors.ts';
import { fakeEngine, readyStore, sampleProject } from '../../fake-engine.ts';

describe('project store', () => {
  it('opens the sample project and reads its tokens', async () => {
    const engine = await readyStore(
      fakeEngine({
        'project.current': async () => ({ kind: 'closed' }),
        'project.openSample': async () => ({
          kind: 'open',
          project: sampleProject('/sample'),
          trusted: true,
        }),
      }),
    );
    const store = createProjectStore(engine);
    await store.getState().openSample();
    expect(store.getState()).toMatchObject({ busy: null, failure: null });
    expect(engine.getState().snapshot).toMatchObject({
      project: { project: { folder: '/sample' } },
      tokens: { statuses: { [statusKey('orders', 'default')]: {} } },
    });
  });

  it('shows a failure where it was asked for', async () => {
    const engine = await readyStore(
      fakeEngine({
        'project.open': async () => {
          throw new AppError('project_not_found', 'There is no project in /nowhere.');
        },
      }),
    );
    const store = createProjectStore(engine);
    await store.getState().open('/nowhere', 'recent');
    expect(store.getState()).toMatchObject({
      busy: null,
      failure: { part: 'recent', error: { code: 'project_not_found' } },
    });
  });

  it('proposes a folder that a hostile name cannot lead out of', () => {
    expect(defaultFolder('/home/kim', 'My orders')).toBe('/home/kim/My orders');
    expect(defaultFolder('/home/kim', '../../etc/x')).toBe('/home/kim/-..-etc-x');
    expect(defaultFolder('C:\\Users\\kim', 'a:b')).toBe('C:\\Users\\kim\\a-b');
    expect(defaultFolder('/home/kim', ' ')).toBe('/home/kim');
  });
});
