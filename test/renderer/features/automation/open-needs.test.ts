import { expect, it } from 'vitest';
import { openNeeds } from '../../../../renderer/features/automation/open-needs.ts';
import type { RecordOutcome } from '../../../../renderer/features/automation/record-store.ts';

const outcome: Extract<RecordOutcome, { kind: 'done' }> = {
  ...{ kind: 'done', persona: 'admin', source: 'recorded();', before: '', error: null },
  missing: [
    { name: 'user', secret: false, differs: false },
    { name: 'password', secret: true, differs: false },
    { name: 'tenant', secret: false, differs: true },
  ],
  hosts: ['a.example.test', 'b.example.test'],
};

const password = { name: 'password', kind: 'secret' as const, value: '{{orders.password}}' };

it('names what a recorded script still needs, until the persona and the profile have it', () => {
  const reader = { name: 'reader', values: [{ name: 'user', kind: 'plain' as const, value: 'bob' }] };
  const before = openNeeds(outcome, { personas: [reader], scriptHosts: [], secrets: [] });
  expect(before.lacking.map(({ name }) => name)).toEqual(['user', 'password']);
  expect(before).toMatchObject({ empty: [], hosts: ['a.example.test', 'b.example.test'] });

  const user = { name: 'user', kind: 'plain' as const, value: ' ' };
  const rows = { name: 'admin', values: [user, { ...password, value: '' }] };
  const added = openNeeds(outcome, { personas: [rows], scriptHosts: ['a.example.test'], secrets: [] });
  expect(added).toEqual({ lacking: [], empty: ['user', 'password'], hosts: ['b.example.test'] });

  const filled = { name: 'admin', values: [{ ...user, value: 'alice' }, password] };
  const of = (stored: boolean) =>
    openNeeds(outcome, {
      personas: [filled],
      scriptHosts: outcome.hosts,
      secrets: [{ name: 'orders.password', stored }],
    });
  expect(of(false)).toEqual({ lacking: [], empty: ['password'], hosts: [] });
  expect(of(true)).toEqual({ lacking: [], empty: [], hosts: [] });
});
