import { expect, it } from 'vitest';
import { trialOf } from '../../../../renderer/features/automation/trial.ts';
import { trialSchema } from '../../../../shared/model/test-run.ts';

const row = { key: 1, name: ' ', url: '', selector: '', source: 'click();' };

it('tries what stands in the editors as it would be saved, page scripts without a name too', () => {
  const script = trialOf('script', { source: 'log(1);', rows: [] });
  expect(script).toEqual({ kind: 'script', source: 'log(1);' });
  const trial = trialOf('page_scripts', { source: '', rows: [row, { ...row, key: 2, name: 'Login' }] });
  expect(trialSchema.parse(trial)).toMatchObject({ pages: [{ name: 'Page 1' }, { name: 'Login' }] });
});

it('has nothing to try in empty editors', () => {
  expect(trialOf('script', { source: ' \n', rows: [row] })).toBeNull();
  expect(trialOf('page_scripts', { source: 'log(1);', rows: [] })).toBeNull();
});
