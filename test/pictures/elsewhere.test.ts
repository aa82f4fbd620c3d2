import { onTestFinished, test } from 'vitest';
import { profileSchema } from '../../shared/model/profile.ts';
import { startApprovalServer } from '../fixtures/approval-server.ts';
import { startWebHost } from '../fixtures/hosts.ts';
import { inHome, open, profile } from './studio.ts';

test('a code to enter on another device, and somebody who is asked on theirs', async () => {
  const server = await startApprovalServer();
  onTestFinished(() => server.close());
  const { host, app, take } = await open(startWebHost, inHome);
  await host.client('scripts.save', { profile, source: null });
  for (const [name, grant] of [
    ['device-code', { kind: 'device_code' }],
    ['approval', { kind: 'ciba', hintValue: 'ada@orders.example', bindingMessage: 'Orders W4' }],
  ] as const) {
    const saved = profileSchema.parse({
      ...{ name: 'Orders API', grant, server: { issuer: server.url } },
      ...{ client: { kind: 'none', id: 'asking' }, scope: 'openid orders' },
    });
    await host.client('profiles.save', { id: profile, profile: saved });
    await app.button('Get Access Token').click();
    await app.page.getByRole('region', { name: name === 'approval' ? 'Approval' : 'Device code' }).waitFor();
    await take(name);
    await app.button('Cancel').click();
    await app.untilState('No token');
  }
});
