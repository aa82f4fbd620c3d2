import { describe, expect, it } from 'vitest';
import {
  authChoice,
  authOf,
  inheritedWords,
  personaGone,
} from '../../../../renderer/features/requests/auth-choice.ts';
import { createRequestDrafts } from '../../../../renderer/features/requests/request-drafts.ts';
import { newProfile } from '../../../../shared/model/profile.ts';
import type { RequestAuth } from '../../../../shared/model/request.ts';
import { fakeEngine, readyStore } from '../../fake-engine.ts';

const two = {
  ...newProfile('Orders API'),
  personas: [
    { name: 'admin', values: [] },
    { name: 'reader', values: [] },
  ],
};
const as = (persona: string | null): RequestAuth => ({ kind: 'profile', profile: 'orders', persona });

describe('the auth of a request', () => {
  it('is the same after it went through the list, the persona left to the profile', () => {
    for (const auth of [{ kind: 'inherit' }, { kind: 'none' }, as(null)] as const) {
      expect(authOf(authChoice(auth))).toEqual(auth);
    }
    expect(authOf(authChoice(as('reader')))).toEqual(as(null));
  });

  it('tells a persona that its profile does not have', () => {
    expect(
      [as(null), as('reader'), as('gone'), { kind: 'none' } as const].map((auth) => personaGone(auth, two)),
    ).toEqual([false, false, true, false]);
  });

  it('says what it inherits, and as whom', () => {
    expect(inheritedWords(undefined, undefined)).toBe(
      'No folder above names a profile, so no token is sent.',
    );
    expect(inheritedWords(as('reader'), two)).toBe(
      'The folder names the profile Orders API as the persona reader.',
    );
    expect(inheritedWords(as(null), two)).toBe(
      'The folder names the profile Orders API with its active persona.',
    );
    expect(inheritedWords(as(null), newProfile('Service'))).toBe('The folder names the profile Service.');
  });

  it('keeps its persona in the request’s file', async () => {
    const wire = fakeEngine();
    const drafts = createRequestDrafts(await readyStore(wire));
    drafts.getState().edit('health', { auth: as('reader') });
    expect(await drafts.getState().commit('health')).toBe(true);
    expect(wire.log.at(-1)).toMatchObject({
      name: 'requests.save',
      params: { id: 'health', request: { auth: { profile: 'orders', persona: 'reader' } } },
    });
  });
});
