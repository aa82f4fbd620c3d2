import { Command, CommanderError } from 'commander';
import { AppError } from '../../../shared/errors.ts';
import { endAtDefect } from '../last-resort.ts';
import { commands } from './commands/index.ts';
import { exitCodes, printError, withoutValues } from './output.ts';

declare const __VERSION__: string;

endAtDefect(process.exit);

/** Prepares a command and those below it: they throw instead of exiting, and repeat no value that was mistyped. */
function prepared(command: Command): Command {
  for (const below of command.commands) prepared(below);
  return command.exitOverride().configureOutput({ outputError: (text, write) => write(withoutValues(text)) });
}

const program = new Command('grantwright')
  .description('Get tokens unattended, keep them fresh, send authenticated requests.')
  .version(__VERSION__);
for (const command of commands) program.addCommand(command(__VERSION__));
prepared(program);

try {
  await program.parseAsync();
} catch (thrown) {
  if (thrown instanceof CommanderError) {
    // Commander has printed its own message; help and version end with 0.
    process.exitCode = thrown.exitCode === 0 ? 0 : exitCodes.usage;
  } else {
    const error = AppError.from(thrown);
    printError(error.toWire());
    if (error.code === 'internal' && process.env.GRANTWRIGHT_DEBUG) console.error(thrown);
    process.exitCode = exitCodes.failed;
  }
}
