import { Command } from 'commander';
import { AppError } from '../../../../shared/errors.ts';
import { type TokenStatus, tokenStateAt } from '../../../../shared/model/token.ts';
import { type CliEngine, readVariable, withProject } from '../engine.ts';
import { bold, dim, plain, printError, timelineLine } from '../output.ts';

interface TokenOptions {
  project: string;
  environment?: string;
  var: Record<string, string>;
  reveal?: boolean;
}

function printStatus(status: TokenStatus): void {
  const { access, refresh } = status;
  console.log(`${bold(status.profile)}  ${tokenStateAt(status, Date.now())}`);
  if (access.kind === 'held') {
    console.log(
      `  access   ${plain(access.masked)}  ${access.expiresAtMs === null ? 'expiry unknown' : `expires ${new Date(access.expiresAtMs).toISOString()}`}`,
    );
    if (access.scope.length > 0) console.log(`  scope    ${plain(access.scope.join(' '))}`);
  }
  console.log(`  refresh  ${refresh.kind}`);
  if (status.failure !== null) printError(status.failure);
}

function tokenAction(
  version: string,
  name: 'get' | 'refresh' | 'status',
  description: string,
  work: (engine: CliEngine, profile: string) => Promise<TokenStatus>,
): Command {
  const command = new Command(name)
    .description(description)
    .argument('<profile>', "the profile's id")
    .option('-p, --project <folder>', "the project's folder", '.')
    .option('-e, --environment <id>', 'the environment; default: the first')
    .option('--var <name=value>', 'a variable, before every other source; repeatable', readVariable, {});
  if (name !== 'status')
    command.option('--reveal', 'print the access token itself, alone, on standard output');
  return command.action(async (profile: string, options: TokenOptions) => {
    await withProject(
      {
        version,
        project: options.project,
        environment: options.environment,
        variables: options.var,
        onTokenEvent: (event) => console.error(dim(timelineLine(event))),
      },
      async (engine) => {
        const status = await work(engine, profile);
        if (options.reveal) console.log((await engine.call('tokens.reveal', { profile })).accessToken);
        else printStatus(status);
      },
    );
  });
}

async function statusOf({ call }: CliEngine, profile: string): Promise<TokenStatus> {
  const { statuses } = await call('tokens.statuses', {});
  const found = statuses.find((status) => status.profile === profile);
  if (found !== undefined) return found;
  throw new AppError(
    'profile_not_found',
    `There is no profile ${plain(profile).slice(0, 80)} in this project.`,
    {
      action: `It has: ${statuses.map((status) => status.profile).join(', ') || 'none'}.`,
    },
  );
}

/** `grantwright token get|refresh|status <profile>`. */
export function tokenCommand(version: string): Command {
  return new Command('token')
    .description('Get, refresh or look at the token of a profile')
    .addCommand(
      tokenAction(
        version,
        'get',
        'Get Access Token: repeat the grant, with the automation script if there is one',
        (engine, profile) => engine.call('tokens.get', { profile }),
      ),
    )
    .addCommand(
      tokenAction(version, 'refresh', 'Refresh the access token with the refresh token', (engine, profile) =>
        engine.call('tokens.refresh', { profile }),
      ),
    )
    .addCommand(tokenAction(version, 'status', 'Show the state of the token', statusOf));
}
