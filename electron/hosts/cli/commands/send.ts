import { Command } from 'commander';
import { AppError } from '../../../../shared/errors.ts';
import type { Exchange } from '../../../../shared/model/request.ts';
import { readVariable, withProject } from '../engine.ts';
import { bold, dim, duration, exitCodes, green, plain, printError, red, timelineLine } from '../output.ts';

interface SendOptions {
  project: string;
  environment?: string;
  var: Record<string, string>;
  headers?: boolean;
  quiet?: boolean;
}

function printExchange(exchange: Exchange, options: SendOptions): number {
  const { request, outcome, timing, tokenUse } = exchange;
  console.error(`${bold(request.method)} ${plain(request.url)}`);
  if (tokenUse.kind === 'expired') console.error('  access token expired; sent as it was (Manual mode)');
  if (outcome.kind === 'failed') {
    printError(outcome.error);
    return exitCodes.failed;
  }
  const { response } = outcome;
  const paint = response.status < 400 ? green : red;
  const times = `${duration(timing.totalMs)}, of it ${duration(timing.tokenMs)} for the token`;
  console.error(`${paint(`${response.status} ${plain(response.statusText)}`)}  ${dim(times)}`);
  if (options.headers)
    for (const header of response.headers) console.error(`${plain(header.name)}: ${plain(header.value)}`);
  if (response.body.kind === 'text') {
    // A file or a pipe gets the body as it came; a terminal must not be steered by it.
    const { text } = response.body;
    process.stdout.write(`${process.stdout.isTTY ? plain(text) : text}\n`);
  }
  if (response.body.kind === 'binary') process.stdout.write(Buffer.from(response.body.base64, 'base64'));
  return response.status < 400 ? exitCodes.ok : exitCodes.answered;
}

/** `grantwright send orders/list`: sends requests of a project, authenticated; the body goes to standard output. */
export function sendCommand(version: string): Command {
  return new Command('send')
    .description('Send requests of a project with their tokens; exit code 1 when an answer is 400 or above')
    .argument('<request...>', 'ids of requests, for example orders/list')
    .option('-p, --project <folder>', "the project's folder", '.')
    .option('-e, --environment <id>', 'the environment; default: the first')
    .option('--var <name=value>', 'a variable, before every other source; repeatable', readVariable, {})
    .option('-i, --headers', "show the response's headers")
    .option('-q, --quiet', 'do not tell what happens to tokens')
    .action(async (ids: string[], options: SendOptions) => {
      const onTokenEvent = options.quiet
        ? undefined
        : (event: Parameters<typeof timelineLine>[0]) => console.error(timelineLine(event));
      process.exitCode = await withProject(
        {
          version,
          project: options.project,
          environment: options.environment,
          variables: options.var,
          ...(onTokenEvent === undefined ? {} : { onTokenEvent }),
        },
        async ({ call }) => {
          const state = await call('project.current', {});
          let worst: number = exitCodes.ok;
          for (const id of ids) {
            const found =
              state.kind === 'open' ? state.project.requests.find((each) => each.id === id) : undefined;
            if (found === undefined) {
              throw new AppError(
                'request_not_found',
                `There is no request ${plain(id).slice(0, 80)} in this project.`,
                {
                  action: 'Its id is its path below requests/ without .json.',
                },
              );
            }
            const exchange = await call('requests.send', { id, request: found.request });
            worst = Math.max(worst, printExchange(exchange, options));
          }
          return worst;
        },
      );
    });
}
