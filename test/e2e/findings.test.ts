import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { cli } from '../fixtures/cli.ts';
import { hosts } from '../fixtures/hosts.ts';
import { type OddServer, oddProfile, startOddServer, writeOddProject } from '../fixtures/odd-project.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { App } from './app.ts';

const secret = { GRANTWRIGHT_VAR_legacy_secret: 's3cret-marker' };
const ofServer = [
  ...['content_type_wrong', 'access_token_renamed', 'token_empty', 'token_type_missing', 'scope_list'],
  ...['expires_in_text', 'cache_control_missing', 'scope_narrowed'],
];

async function oddProject(
  keysHost?: string,
): Promise<{ folder: string; project: string; server: OddServer }> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'data'));
  const project = join(folder, 'legacy');
  const server = await startOddServer();
  await writeOddProject(project, server, keysHost);
  return { folder, project, server };
}

const checkedSchema = z.object({
  profiles: z.array(z.object({ profile: z.string(), findings: z.array(z.object({ code: z.string() })) })),
});

describe('findings on the command line', () => {
  it('stand below the token, each with its gravity and source, and no secret in them', async () => {
    const { folder, project } = await oddProject();
    const { code, out, err } = await cli(folder, ['token', 'get', oddProfile, '-p', project], secret);
    expect(code, err).toBe(0);
    for (const one of ofServer) expect(out).toContain(`· ${one}`);
    expect(out).toMatch(/medium {2}token_type is missing, .*RFC 6749 section 5\.1 · token_type_missing/);
    expect(out + err).not.toMatch(/marker/);
  });

  it('are told of an error that no RFC has, below it', async () => {
    const { folder, project, server } = await oddProject();
    server.refuse = { errcode: 40029, errmsg: 'invalid code s3cret-marker' };
    const { code, out, err } = await cli(folder, ['token', 'get', oddProfile, '-p', project], secret);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/error token_request_refused.*40029/);
    expect(err).toMatch(/medium {2}error is called errcode here\. .*RFC 6749 section 5\.2 · error_renamed/);
    expect(err).not.toMatch(/marker/);
  });

  it('are told of a profile, and of the token that is held, and end it with 1 only when asked to', async () => {
    const { folder, project } = await oddProject();
    const env = { ...secret, GRANTWRIGHT_VAULT_KEY: 'a passphrase' };
    const check = (...more: string[]) => cli(folder, ['profile', 'check', ...more, '-p', project], env);
    const before = await check(oddProfile);
    expect([before.code, before.out.includes('token_in_query'), before.out.includes('scope_list')]).toEqual([
      0,
      true,
      false,
    ]);
    expect(before.out.indexOf('token_in_query')).toBeLessThan(before.out.indexOf('secret_in_body'));
    expect((await check('--fail-on', 'high')).code).toBe(1);
    await cli(folder, ['token', 'get', oddProfile, '-p', project], env);
    const after = await check('--json');
    const [checked] = checkedSchema.parse(JSON.parse(after.out)).profiles;
    expect(checked?.findings.map(({ code }) => code)).toEqual(
      expect.arrayContaining([...ofServer, 'access_token_long']),
    );
    expect((await check('--fail-on', 'urgent')).code).toBe(64);
    const unknown = await check('nobody');
    expect([unknown.code, unknown.err.includes('profile_not_found')]).toEqual([2, true]);
  });

  it('are told of no persona that is not there, whatever they would end with', async () => {
    const { folder, project } = await oddProject();
    const check = (...more: string[]) => cli(folder, ['profile', 'check', ...more, '-p', project]);
    for (const profiles of [[], [oddProfile]]) {
      const { code, out, err } = await check(...profiles, '-u', 'typo', '--fail-on', 'note');
      expect([code, out, err.includes('persona_not_found')]).toEqual([2, '', true]);
    }
    expect((await check('-u', 'default', '--fail-on', 'high')).code).toBe(1);
  });

  it('are told of addresses as they are when a request is sent', async () => {
    const { folder, project } = await oddProject('http://keys.example');
    const looked = async (variables: Record<string, string>, ...more: string[]) => {
      const { out } = await cli(folder, ['profile', 'check', ...more, '-p', project], variables);
      return out.includes('Not encrypted: JWKS URL.');
    };
    const secure = { GRANTWRIGHT_VAR_keys: 'https://keys.example' };
    expect(await looked({})).toBe(true);
    expect(await looked(secure)).toBe(false);
    expect(await looked(secure, '--var', 'keys=http://keys.example')).toBe(true);
  });
});

describe.each(hosts)('findings in the window: $title', ({ start, missing }) => {
  it.skipIf(missing)('change as the profile is typed, and stand beside the token', async () => {
    const { project, server } = await oddProject();
    const host = await start({ env: secret });
    onTestFinished(() => host.close());
    const app = new App(host);
    await app.answerVaultQuestion();
    await host.client('project.open', { folder: project });
    await app.goTo('Auth Manager');
    await app.page.getByRole('heading', { level: 1, name: 'Legacy API' }).waitFor();
    await app.button('4 findings, 1 high').waitFor();
    await app.field('Token URL').fill('http://login.example/token');
    await app.button('5 findings, 2 high').click();
    const list = (name: string) => app.page.getByRole('list', { name }).getByRole('listitem');
    const profile = list('How the profile is set up');
    await profile.filter({ hasText: 'Not encrypted: Token URL.' }).waitFor();
    await app.page.getByText('No token is held yet.').waitFor();

    await app.tab('Settings');
    await app.fill('Token URL', `${server.url}/token`);
    await app.button('Get Access Token').click();
    await app.untilState('Valid');
    await app.tab('Token');
    const noticed = list('What the server did');
    for (const code of ofServer) await noticed.filter({ hasText: code }).waitFor();
    expect(await noticed.first().textContent()).toMatch(/^Medium/);
  });
});
