import { describe, expect, it } from 'vitest';
import { createRequestDrafts } from '../../../../renderer/features/requests/request-drafts.ts';
import {
  formatSize,
  formOf,
  readable,
  requestOf,
} from '../../../../renderer/features/requests/request-form.ts';
import { createRequestStore } from '../../../../renderer/features/requests/request-store.ts';
import type { Handlers } from '../../../../shared/contract/router.ts';
import { AppError } from '../../../../shared/errors.ts';
import { type Exchange, requestSchema } from '../../../../shared/model/request.ts';
import { fakeEngine, readyStore, sampleProject } from '../../fake-engine.ts';

const exchange: Exchange = {
  id: 'x',
  sentAtMs: 0,
  request: { method: 'GET', url: 'http://127.0.0.1/orders', headers: [] },
  outcome: { kind: 'failed', error: { code: 'cancelled', message: 'Cancelled.' } },
  tokenUse: { kind: 'none' },
  certificatesChecked: true,
  timing: { tokenMs: 0, firstByteMs: 0, downloadMs: 0, totalMs: 0 },
  tokenEvents: [],
};

async function start(handlers: Partial<Handlers> = {}) {
  const wire = fakeEngine({ 'requests.send': async () => exchange, ...handlers });
  const engine = await readyStore(wire);
  const drafts = createRequestDrafts(engine);
  const sent = () => wire.log.filter(({ name }) => name === 'requests.send');
  const openOther = () => {
    const project = sampleProject('/projects/other');
    wire.emit({ kind: 'project', state: { kind: 'open', trusted: true, project } });
  };
  return { engine, drafts, requests: createRequestStore(engine, drafts), sent, openOther };
}

describe('request form', () => {
  it('gives the same request back, whatever its body', () => {
    for (const body of [
      { kind: 'none' },
      { kind: 'json', text: '{' },
      { kind: 'text', contentType: 'a/b', text: '' },
    ]) {
      const request = requestSchema.parse({ name: 'r', url: '/x', body });
      expect(requestOf(formOf(request))).toEqual({ kind: 'valid', value: request });
    }
  });

  it('leaves out header rows without any text', () => {
    const form = formOf(requestSchema.parse({ name: 'r', url: '/x' }));
    const built = requestOf({
      ...form,
      headers: [
        { name: ' ', value: '' },
        { name: 'A', value: '' },
      ],
    });
    expect(built).toMatchObject({ value: { headers: [{ name: 'A', value: '' }] } });
  });

  it('indents JSON, shows anything else as it came, and says sizes', () => {
    expect(readable('{"a":1}')).toEqual({ text: '{\n  "a": 1\n}', json: true });
    expect(readable('<html>')).toEqual({ text: '<html>', json: false });
    expect([12, 1_834, 5_242_880].map(formatSize)).toEqual(['12 B', '1.8 KB', '5.0 MB']);
  });
});

describe('request store', () => {
  it('tells nothing of a send or a save to the request of the same id in another project', async () => {
    let open = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      open = resolve;
    });
    const { drafts, requests, sent, openOther } = await start({
      'requests.save': async () => {
        await held;
        throw new AppError('disk_full', 'The disk is full.');
      },
      'requests.send': async () => {
        await held;
        return exchange;
      },
    });
    drafts.getState().edit('health', { url: 'http://127.0.0.1/typed' });
    const work = Promise.all([requests.getState().send('health'), requests.getState().send('orders/list')]);
    await expect.poll(() => sent().length).toBe(1);
    openOther();
    open();
    await work;
    expect(requests.getState().sends).toEqual({});
    expect(drafts.getState().saves).toEqual({});
    expect(sent()).toHaveLength(1);
  });

  it('sends what is on the screen, saved first', async () => {
    const { drafts, requests, sent } = await start();
    drafts.getState().edit('health', { url: 'http://127.0.0.1/typed' });
    await requests.getState().send('health');
    expect(sent()[0]?.params).toMatchObject({ id: 'health', request: { url: 'http://127.0.0.1/typed' } });
    expect(requests.getState().sends.health).toEqual({ kind: 'done', exchange });
  });

  it('sends even if it could not be saved', async () => {
    const { drafts, requests, sent } = await start({
      'requests.save': async () => {
        throw new AppError('disk_full', 'The disk is full.');
      },
    });
    drafts.getState().edit('health', { method: 'POST' });
    await requests.getState().send('health');
    expect(sent()[0]?.params).toMatchObject({ request: { method: 'POST' } });
    expect(drafts.getState().saves.health).toMatchObject({ kind: 'failed' });
  });

  it('sends once however often it is asked while it is under way', async () => {
    const { requests, sent } = await start();
    const { send } = requests.getState();
    await Promise.all([send('health'), send('health'), send('health')]);
    expect(sent()).toHaveLength(1);
  });

  it('keeps the failure of a send that had no exchange', async () => {
    const { requests } = await start({
      'requests.send': async () => {
        throw new AppError('token_missing', 'No token.', { action: 'Get Access Token.' });
      },
    });
    await requests.getState().send('health');
    expect(requests.getState().sends.health).toMatchObject({
      kind: 'failed',
      error: { code: 'token_missing' },
    });
  });

  it('resolves inherited auth the moment it is chosen', async () => {
    const { engine, drafts } = await start();
    const auth = () => {
      const project = engine.getState().snapshot?.project;
      return project?.kind === 'open' ? project.project.requests[0]?.effectiveAuth : undefined;
    };
    drafts.getState().edit('orders/list', { auth: { kind: 'none' } });
    await drafts.getState().commit('orders/list');
    expect(auth()).toEqual({ kind: 'none' });
    drafts.getState().edit('orders/list', { auth: { kind: 'inherit' } });
    await drafts.getState().commit('orders/list');
    expect(auth()).toEqual({ kind: 'profile', profile: 'orders', persona: null });
  });
});
