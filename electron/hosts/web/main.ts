import { AppError } from '../../../shared/errors.ts';
import { describeDefect } from '../../services/defect.ts';
import { endAtDefect } from '../last-resort.ts';
import { runWeb } from './web.ts';

declare const __VERSION__: string;

endAtDefect(process.exit);

try {
  await runWeb(__VERSION__);
} catch (thrown) {
  const { code, message, action } = AppError.from(thrown);
  console.error(`Grantwright could not start: ${message}${action === undefined ? '' : `\n${action}`}`);
  if (code === 'internal') console.error(describeDefect(thrown));
  process.exit(1);
}
