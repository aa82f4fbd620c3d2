import { Command, InvalidArgumentError } from 'commander';
import { startPlayground } from '../../../playground/playground.ts';
import { bold, dim } from '../output.ts';
import { readCount } from '../project-options.ts';

function readOffset(text: string): number {
  const seconds = Number(text);
  if (Number.isInteger(seconds) && Math.abs(seconds) <= 86_400) return seconds;
  throw new InvalidArgumentError('a difference is a whole number of seconds, a day at most');
}

interface PlaygroundCommandOptions {
  port: number;
  accessLifetime: number;
  rotation: boolean;
  keepSessions?: boolean;
  clockAhead: number;
}

/** `grantwright playground`: the local authorization server and protected API, alone, until Ctrl+C. */
export function playgroundCommand(): Command {
  return new Command('playground')
    .description('Run the playground alone: a local authorization server and a protected API')
    .option('--port <port>', 'the port on 127.0.0.1; 0: any free one', readCount(0, 65_535), 0)
    .option('--access-lifetime <seconds>', 'how long access tokens live', readCount(1, 86_400), 300)
    .option('--no-rotation', 'keep the same refresh token at each refresh')
    .option('--keep-sessions', 'a browser that signed in once skips the login page')
    .option(
      '--clock-ahead <seconds>',
      'by how much the Date header is ahead (or, negative, behind)',
      readOffset,
      0,
    )
    .action(async (options: PlaygroundCommandOptions) => {
      const playground = await startPlayground({
        port: options.port,
        settings: {
          accessLifetimeSeconds: options.accessLifetime,
          rotation: options.rotation,
          keepsSessions: options.keepSessions ?? false,
          clockAheadSeconds: options.clockAhead,
        },
      });
      const status = playground.status();
      console.log(`${bold('Grantwright playground')}  ${playground.url}
  Discovery   ${playground.url}/.well-known/openid-configuration
  API         ${playground.url}/api/orders
  Clients     playground-app ${dim('public, PKCE')} · playground-web ${dim('Basic')} · playground-service ${dim('client credentials')} · playground-password ${dim('password grant')}`);
      if (status.kind === 'running') {
        console.log(
          `  Users       ${status.users.map((user) => `${user.username} / ${user.password}`).join(' · ')}`,
        );
      }
      console.log(dim('  Everything is in memory and only this machine reaches it. Ctrl+C ends it.'));
      await new Promise<void>((resolve) => {
        for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
      });
      await playground.stop();
    });
}
