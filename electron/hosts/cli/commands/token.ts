import { Command, Option } from 'commander';
import { adviseToken } from '../../../../shared/advisor/token-advice.ts';
import { AppError } from '../../../../shared/errors.ts';
import { type TokenStatus, tokenStateAt } from '../../../../shared/model/token.ts';
import { type CliEngine, withProject } from '../engine.ts';
import { bold, dim, findingLine, plain, printError, printWait, timelineLine } from '../output.ts';
import { engineOptions, type GivenOptions, withProjectOptions } from '../project-options.ts';

interface TokenOptions extends GivenOptions {
  reveal?: boolean;
  token?: 'access_token' | 'refresh_token';
}

function printStatus(status: TokenStatus): void {
  const { access, refresh, clockAheadMs } = status;
  console.log(`${bold(status.profile)} ${dim(plain(status.persona))}  ${tokenStateAt(status, Date.now())}`);
  if (access.kind === 'held') {
    console.log(
      `  access   ${plain(access.masked)}  ${access.expiresAtMs === null ? 'expiry unknown' : `expires ${new Date(access.expiresAtMs).toISOString()}`}`,
    );
    if (access.scope.length > 0) console.log(`  scope    ${plain(access.scope.join(' '))}`);
  }
  console.log(`  refresh  ${refresh.kind}`);
  if (status.sessionKept) console.log('  session  kept for the next consent');
  if (clockAheadMs !== null) {
    const seconds = Math.round(clockAheadMs / 1000);
    console.log(`  clock    the server's is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead' : 'behind'}`);
  }
  // Those of the failure stand below it.
  const findings = adviseToken({ ...status, failure: null });
  if (findings.length > 0) console.log('  findings');
  for (const finding of findings) console.log(`  ${findingLine(finding)}`);
  if (status.failure !== null) printError(status.failure);
}

type TokenName = { profile: string; persona: string | null };
type Work = (engine: CliEngine, name: TokenName, options: TokenOptions) => Promise<TokenStatus | null>;

function tokenAction(version: string, name: string, description: string, work: Work): Command {
  const command = withProjectOptions(
    new Command(name).description(description).argument('<profile>', "the profile's id"),
  );
  return command.action(async (profile: string, options: TokenOptions) => {
    const onTokenEvent = (event: Parameters<typeof timelineLine>[0]) =>
      console.error(dim(timelineLine(event)));
    // Whoever asks for a token by name reads how to come by it; a job that nobody reads ends with the code.
    const codesAreRead = true;
    const engineOf = { ...engineOptions(version, options), onTokenEvent, onWait: printWait, codesAreRead };
    await withProject(engineOf, async (engine) => {
      const token: TokenName = { profile, persona: options.persona ?? null };
      const status = await work(engine, token, options);
      if (options.reveal) console.log((await engine.call('tokens.reveal', token)).accessToken);
      else if (status !== null) printStatus(status);
    });
  });
}

async function statusOf({ call }: CliEngine, { profile, persona }: TokenName): Promise<TokenStatus> {
  const { statuses } = await call('tokens.statuses', {});
  const { personas } = await call('settings.read', {});
  const ofProfile = statuses.filter((status) => status.profile === profile);
  const found = ofProfile.find((status) => status.persona === (persona ?? personas[profile]));
  if (found !== undefined) return found;
  if (ofProfile.length > 0) throw noPersona(profile, persona ?? '', ofProfile);
  const ids = [...new Set(statuses.map((status) => status.profile))];
  throw new AppError(
    'profile_not_found',
    `There is no profile ${plain(profile).slice(0, 80)} in this project.`,
    { action: `It has: ${ids.join(', ') || 'none'}.` },
  );
}

function noPersona(profile: string, persona: string, statuses: TokenStatus[]): AppError {
  return new AppError('persona_not_found', `${profile} has no persona “${plain(persona).slice(0, 120)}”.`, {
    action: `Choose one of: ${statuses.map((status) => `“${plain(status.persona)}”`).join(', ')}.`,
  });
}

/** The moment that a claim names in epoch seconds (RFC 7519 section 4.1), for reading. */
function momentOf(name: string, value: string): string {
  if (!['exp', 'iat', 'nbf'].includes(name) || !/^\d{1,11}$/.test(value)) return '';
  return `  ${new Date(Number(value) * 1000).toISOString()}`;
}

async function introspect({ call }: CliEngine, name: TokenName, { token }: TokenOptions): Promise<null> {
  const answer = await call('tokens.introspect', { ...name, token: token ?? 'access_token' });
  console.log(`${bold(answer.token)}  ${answer.active ? 'active' : 'not active'}`);
  for (const { name, value } of answer.claims) {
    console.log(`  ${plain(name)}: ${plain(value)}${dim(momentOf(name, value))}`);
  }
  return null;
}

async function inspect({ call }: CliEngine, name: TokenName): Promise<null> {
  const { tokens, scopes } = await call('tokens.inspect', name);
  for (const { token, content } of tokens) {
    const verdict = content.kind === 'jwt' ? content.verification : content;
    const reason = verdict.kind === 'unchecked' ? `: ${plain(verdict.reason)}` : '';
    console.log(`${bold(token)}  ${verdict.kind.replaceAll('_', ' ')}${reason}`);
    const header = content.kind === 'opaque' ? [] : content.header;
    const claims = content.kind === 'jwt' ? content.claims : [];
    for (const { name, value } of header) console.log(dim(`  ${plain(name)}: ${plain(value)}`));
    for (const { name, value } of claims) {
      console.log(`  ${plain(name)}: ${plain(value)}${dim(momentOf(name, value))}`);
    }
  }
  console.log(`${bold('scopes')}  asked for: ${plain(scopes.asked.join(' ')) || 'none'}`);
  console.log(`        granted: ${plain(scopes.granted.join(' ')) || 'none named'}`);
  return null;
}

async function revoke({ call }: CliEngine, name: TokenName): Promise<TokenStatus> {
  const { status, revoked } = await call('tokens.revoke', name);
  console.log(`revoked: ${revoked.join(', ')}`);
  return status;
}

async function logout({ call }: CliEngine, name: TokenName): Promise<TokenStatus> {
  const { status, end } = await call('tokens.logout', name);
  const words = {
    returned: 'and came back to the post-logout redirect URI',
    page: 'at a page of the provider',
  };
  console.log(`session ended ${words[end]}`);
  return status;
}

const revealOption = ['--reveal', 'print the access token itself, alone, on standard output'] as const;

/** `grantwright token get|refresh|status|inspect|introspect|revoke|logout|clear-session|forget <profile>`. */
export function tokenCommand(version: string): Command {
  const action = (name: string, description: string, work: Work) =>
    tokenAction(version, name, description, work);
  const get = 'Get Access Token: repeat the grant, with the automation script if there is one';
  const kind = new Option('--token <kind>', 'which token').choices(['access_token', 'refresh_token']);
  return new Command('token')
    .description('Get, refresh, look at or end the token of a profile')
    .addCommand(action('get', get, ({ call }, name) => call('tokens.get', name)).option(...revealOption))
    .addCommand(
      action('refresh', 'Refresh the access token with the refresh token', ({ call }, name) =>
        call('tokens.refresh', name),
      ).option(...revealOption),
    )
    .addCommand(action('status', 'Show the state of the token', statusOf))
    .addCommand(action('inspect', "Decode the tokens and verify JWTs with the server's keys", inspect))
    .addCommand(action('introspect', 'Ask the server about the token (RFC 7662)', introspect).addOption(kind))
    .addCommand(action('revoke', 'Revoke the tokens at the server (RFC 7009) and delete them here', revoke))
    .addCommand(action('logout', "End the person's session at the provider", logout))
    .addCommand(
      action('clear-session', "Delete the consent browser's kept session", ({ call }, name) =>
        call('tokens.clearSession', name),
      ),
    )
    .addCommand(
      action('forget', 'Delete the tokens here; the server is not told', ({ call }, name) =>
        call('tokens.forget', name),
      ),
    );
}
