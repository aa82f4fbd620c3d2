import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import type { EngineClient } from '../../../../shared/contract/router.ts';
import { AppError } from '../../../../shared/errors.ts';
import type { Project } from '../../../../shared/model/project.ts';
import type { ApiRequest, Exchange, RequestAuth } from '../../../../shared/model/request.ts';
import type { TokenEvent } from '../../../../shared/model/token.ts';
import { fileWriteError } from '../../../files/file-error.ts';
import { withProject } from '../engine.ts';
import {
  bold,
  dim,
  duration,
  exitCodes,
  green,
  plain,
  printError,
  printWait,
  red,
  timelineLine,
} from '../output.ts';
import { engineOptions, type GivenOptions, readCount, withProjectOptions } from '../project-options.ts';

interface SendOptions extends GivenOptions {
  headers?: boolean;
  quiet?: boolean;
  repeat: number;
  parallel: number;
  timeline?: string;
}

interface SavedRequest {
  id: string;
  request: ApiRequest;
}

function printBody({ outcome }: Exchange): void {
  if (outcome.kind === 'failed') return;
  const { body } = outcome.response;
  // A file or a pipe gets the body as it came; a terminal must not be steered by it.
  if (body.kind === 'text') {
    process.stdout.write(`${process.stdout.isTTY ? plain(body.text) : body.text}\n`);
  }
  if (body.kind === 'binary') process.stdout.write(Buffer.from(body.base64, 'base64'));
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
  printBody(exchange);
  return response.status < 400 ? exitCodes.ok : exitCodes.answered;
}

/**
 * The request as somebody: a profile that has no such persona fails it, and is not used as another. One whose only
 * persona is the `default` of a new profile has nobody to choose from.
 */
function asPersona(project: Project, request: ApiRequest, auth: RequestAuth, persona: string): ApiRequest {
  if (auth.kind !== 'profile' || auth.persona !== null) return request;
  const personas = project.profiles.find(({ id }) => id === auth.profile)?.profile.personas ?? [];
  const hasChoice = personas.length > 1 || personas[0]?.name !== 'default';
  return hasChoice ? { ...request, auth: { ...auth, persona } } : request;
}

async function savedRequests(
  call: EngineClient,
  ids: readonly string[],
  persona: string | undefined,
): Promise<SavedRequest[]> {
  const state = await call('project.current', {});
  if (state.kind === 'closed') return [];
  const { project } = state;
  return ids.map((id) => {
    const found = project.requests.find((each) => each.id === id);
    if (found !== undefined) {
      const { request, effectiveAuth } = found;
      return {
        id,
        request: persona === undefined ? request : asPersona(project, request, effectiveAuth, persona),
      };
    }
    const message = `There is no request ${plain(id).slice(0, 80)} in this project.`;
    throw new AppError('request_not_found', message, {
      action: 'Its id is its path below requests/ without .json.',
    });
  });
}

/** Sends them all, at most `parallel` at once, and prints each as it is answered; gives the worst exit code. */
async function sendAll(call: EngineClient, requests: SavedRequest[], options: SendOptions): Promise<number> {
  const waiting = Array.from({ length: options.repeat }, () => requests).flat();
  let worst: number = exitCodes.ok;
  async function work(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const exchange = await call('requests.send', { id: next.id, request: next.request });
      worst = Math.max(worst, printExchange(exchange, options));
    }
  }
  await Promise.all(Array.from({ length: options.parallel }, work));
  return worst;
}

async function saveTimeline(path: string, events: readonly TokenEvent[]): Promise<void> {
  await writeFile(path, `${JSON.stringify({ events }, null, 2)}\n`).catch((thrown: unknown) => {
    throw fileWriteError(path, thrown);
  });
}

/** `grantwright send orders/list`: sends requests of a project, authenticated; the body goes to standard output. */
export function sendCommand(version: string): Command {
  const command = new Command('send')
    .description('Send requests of a project with their tokens; exit code 1 when an answer is 400 or above')
    .argument('<request...>', 'ids of requests, for example orders/list')
    .option('-i, --headers', "show the response's headers")
    .option('-q, --quiet', 'do not tell what happens to tokens')
    .option('--repeat <count>', 'send all of them so many times', readCount(1), 1)
    .option('--parallel <count>', 'so many at once', readCount(1, 1000), 1)
    .option('--timeline <file>', 'write what happened to tokens to a JSON file');
  return withProjectOptions(command).action(async (ids: string[], options: SendOptions) => {
    const events: TokenEvent[] = [];
    function onTokenEvent(event: TokenEvent): void {
      events.push(event);
      if (!options.quiet) console.error(timelineLine(event));
    }
    const engine = {
      ...engineOptions(version, options),
      onTokenEvent,
      ...(options.quiet ? {} : { onWait: printWait }),
    };
    try {
      process.exitCode = await withProject(engine, async ({ call }) =>
        sendAll(call, await savedRequests(call, ids, options.persona), options),
      );
    } finally {
      if (options.timeline !== undefined) await saveTimeline(options.timeline, events);
    }
  });
}
