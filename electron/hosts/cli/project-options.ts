import { type Command, InvalidArgumentError } from 'commander';
import { readVariable } from './engine.ts';

/** What the options of every command about a project come to. */
export interface GivenOptions {
  project: string;
  environment?: string;
  persona?: string;
  wait?: number;
  trustScripts?: boolean;
  var: Record<string, string>;
}

/** Reads a whole number from `least` to `most`. */
export function readCount(least: number, most = 1_000_000): (text: string) => number {
  return (text) => {
    const count = Number(text);
    if (/^\d+$/.test(text) && count >= least && count <= most) return count;
    throw new InvalidArgumentError(`a whole number from ${least} to ${most}`);
  };
}

/** Adds the options by which a command finds its project, and whose tokens it uses. */
export function withProjectOptions(
  command: Command,
  persona = 'the persona; default: the first of each profile',
): Command {
  return command
    .option('-p, --project <folder>', "the project's folder", '.')
    .option('-e, --environment <id>', 'the environment; default: the first')
    .option('-u, --persona <name>', persona)
    .option(
      '--wait <seconds>',
      'how long to wait for another process that is at work on a token (120)',
      readCount(0),
    )
    .option('--trust-scripts', 'let the scripts of the project run, if it is not trusted in the app already')
    .option('--var <name=value>', 'a variable, before every other source; repeatable', readVariable, {});
}

/** The same as the engine wants it; the persona is asked for by name, where it is used. */
export function engineOptions(version: string, given: GivenOptions) {
  const { project, environment, wait, trustScripts, var: variables } = given;
  return { version, project, environment, waitSeconds: wait, trustScripts, variables };
}
