import { expect, it } from 'vitest';
import { role } from '../../../electron/consent/automation/arguments.ts';
import { ariaRoles } from '../../../shared/script-api/roles.ts';

it('offers the roles that the engine takes', () => {
  expect([...ariaRoles].sort()).toEqual([...role.options].sort());
});
