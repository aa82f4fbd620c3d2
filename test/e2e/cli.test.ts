import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeSampleProject } from '../../electron/projects/sample-project.ts';
import { cli } from '../fixtures/cli.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

async function sample(): Promise<{ folder: string; project: string }> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'data'));
  const project = join(folder, 'sample');
  await writeSampleProject(project);
  return { folder, project };
}

const secret = { GRANTWRIGHT_VAR_orders_service_secret: 'playground-service-secret' };

describe('the command line', () => {
  it('shows the main job, and ends well only if all of it happened', async () => {
    const { code, out, err } = await cli(await temporaryFolder(), ['demo']);
    expect(err).toBe('');
    expect(out).toContain('Obtained by consent, unattended');
    expect(out).toContain('Refreshed in the background');
    expect(out).toContain('Refresh refused: invalid_grant');
    expect(out).toContain('2 codes exchanged, 2 refreshes, 4 API calls, 0 refused');
    expect(code).toBe(0);
  });

  it('sends authenticated requests unattended, the bodies to standard output', async () => {
    const { folder, project } = await sample();
    const { code, out, err } = await cli(
      folder,
      ['send', 'orders/list', 'service/list', '--trust-scripts', '-p', project],
      secret,
    );
    expect(code, err).toBe(0);
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => Object.keys(JSON.parse(line))),
    ).toEqual([['orders'], ['orders']]);
    expect(err).toContain('Obtained by consent, unattended');
  });

  it('ends with 1 when an answer is 400 or above, and with 2 when a request could not be sent', async () => {
    const { folder, project } = await sample();
    const nowhere = ['send', 'service/list', '-p', project, '--var', 'orders_url={{playground_url}}/nowhere'];
    expect((await cli(folder, nowhere, secret)).code).toBe(1);
    const missing = await cli(folder, ['send', 'service/list', '-p', project]);
    expect([missing.code, missing.out]).toEqual([2, '']);
    expect(missing.err).toContain('secret_missing');
    expect(missing.err).toContain('GRANTWRIGHT_VAR_orders_service_secret');
    const unknown = await cli(folder, ['send', 'no/such', '-p', project]);
    expect([unknown.code, unknown.err.includes('request_not_found')]).toEqual([2, true]);
    expect((await cli(folder, ['send', '-p', project])).code).toBe(64);
  });

  it('keeps tokens for the next run under GRANTWRIGHT_VAULT_KEY, and prints one only when asked to', async () => {
    const { folder, project } = await sample();
    const variables = {
      ...secret,
      GRANTWRIGHT_VAULT_KEY: 'a key for the command line',
      GRANTWRIGHT_VAR_playground_url: '',
    };
    const { startPlayground } = await import('../../electron/playground/playground.ts');
    const playground = await startPlayground();
    variables.GRANTWRIGHT_VAR_playground_url = playground.url;
    try {
      const shown = await cli(
        folder,
        ['token', 'get', 'orders-service', '-p', project, '--reveal'],
        variables,
      );
      expect(shown.code, shown.err).toBe(0);
      const token = shown.out.trim();
      const orders = await fetch(`${playground.url}/api/orders`, {
        headers: { authorization: `Bearer ${token}` },
      });
      expect(orders.status).toBe(200);
      const status = await cli(folder, ['token', 'status', 'orders-service', '-p', project], variables);
      expect(status.out).toContain('valid');
      expect(status.out + status.err + shown.err).not.toContain(token);
    } finally {
      await playground.stop();
    }
  });
});
