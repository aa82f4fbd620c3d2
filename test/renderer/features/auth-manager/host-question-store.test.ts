import { expect, test } from 'vitest';
import { createHostQuestionStore } from '../../../../renderer/features/auth-manager/host-question-store.ts';
import type { Handlers } from '../../../../shared/contract/router.ts';
import { AppError } from '../../../../shared/errors.ts';
import { sampleProject } from '../../fake-engine.ts';
import { start } from './rig.ts';

const question = { id: 'q', origin: 'https://idp.example:8443', words: 'page.fill(…)' };

async function asked(handlers: Partial<Handlers> = {}) {
  const rig = await start({ 'tokens.answerHost': async () => ({}), ...handlers });
  const store = createHostQuestionStore(rig);
  return { ...rig, store, answer: store.getState().answer };
}

test.each([
  ['once', true],
  ['no', false],
] as const)('an answer for this consent alone changes no profile: %s', async (answer, allow) => {
  const { sent, answer: say } = await asked();
  await say('orders', question, answer);
  expect(sent('tokens.answerHost')).toEqual([{ id: 'q', allow }]);
  expect(sent('profiles.save')).toEqual([]);
});

test('an answer for the profile adds the host to its own, and is then given', async () => {
  const { wire, profile, answer } = await asked();
  await answer('orders', question, 'profile');
  await answer('orders', question, 'profile');
  expect(wire.log.map(({ name }) => name).filter((name) => /save|answer/.test(name))).toEqual([
    'profiles.save',
    'tokens.answerHost',
    'profiles.save',
    'tokens.answerHost',
  ]);
  expect(profile()?.scriptHosts).toEqual(['idp.example:8443']);
});

test('what was typed and cannot be saved stays typed, the hosts with the new one among them', async () => {
  const { drafts, profile, answer } = await asked();
  drafts.getState().edit('orders', { name: '', scriptHosts: 'half-typed/' });
  await answer('orders', question, 'profile');
  expect(profile()).toMatchObject({ name: 'Orders', scriptHosts: ['idp.example:8443'] });
  expect(drafts.getState().patches.orders).toEqual({
    name: '',
    scriptHosts: 'half-typed/ idp.example:8443',
  });
  drafts.getState().edit('orders', { name: 'Mended', scriptHosts: 'typed.example idp.example:8443' });
  expect(await drafts.getState().commit('orders')).toBe(true);
  expect(profile()?.scriptHosts).toEqual(['typed.example', 'idp.example:8443']);
});

test('a host that is typed already is not typed once more, whatever stands between them', async () => {
  const { drafts, answer } = await asked();
  for (const scriptHosts of ['half-typed/;idp.example:8443', 'idp.example:8443, half-typed/']) {
    drafts.getState().edit('orders', { name: '', scriptHosts });
    await answer('orders', question, 'profile');
    expect(drafts.getState().patches.orders).toEqual({ name: '', scriptHosts });
  }
});

test('what was typed and can be saved is, and loses no host to it', async () => {
  const { drafts, profile, answer } = await asked();
  drafts.getState().edit('orders', { name: 'Renamed', scriptHosts: 'typed.example' });
  await answer('orders', question, 'profile');
  expect(profile()).toMatchObject({
    name: 'Renamed',
    scriptHosts: ['typed.example', 'idp.example:8443'],
  });
});

test('an answer that cannot be saved is not given, and the question says why', async () => {
  const { sent, store, answer } = await asked({
    'profiles.save': async () => {
      throw new AppError('file_write_failed', 'The disk is full.');
    },
  });
  await answer('orders', question, 'profile');
  expect(sent('tokens.answerHost')).toEqual([]);
  expect(store.getState()).toMatchObject({
    answering: null,
    failure: { id: 'q', error: { code: 'file_write_failed' } },
  });
});

test.each([0, 1])(
  'an answer is nothing for the profile of another project that is opened during save %d',
  async (during) => {
    let saves = 0;
    const rig = await asked({
      'profiles.save': async () => {
        if (saves === during) {
          const project = sampleProject('/other');
          rig.wire.emit({ kind: 'project', state: { kind: 'open', project, trusted: true } });
        }
        saves += 1;
        return {};
      },
    });
    rig.drafts.getState().edit('orders', { name: 'Typed before' });
    await rig.answer('orders', question, 'profile');
    expect(rig.sent('profiles.save')).toHaveLength(during + 1);
    expect(rig.sent('tokens.answerHost')).toEqual([]);
    expect(rig.profile()).toMatchObject({ name: 'Orders', scriptHosts: [] });
    expect(rig.store.getState()).toMatchObject({ answering: null, failure: null });
  },
);
