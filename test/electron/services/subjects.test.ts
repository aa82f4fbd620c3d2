import { describe, expect, it } from 'vitest';
import { createOAuthContexts } from '../../../electron/oauth/network-contexts.ts';
import { readProject } from '../../../electron/projects/project-folder.ts';
import { createReach } from '../../../electron/services/reach.ts';
import { subjectOf } from '../../../electron/services/subjects.ts';
import { Secret } from '../../../shared/secret.ts';
import { startConnections } from '../../fixtures/connections.ts';
import { pem } from '../../fixtures/tls-server.ts';
import { temporaryProject } from '../projects/temporary-project.ts';

const files = {
  'grantwright.json': JSON.stringify({
    ...{ format: 1, name: 'Orders' },
    network: {
      proxy: { kind: 'custom', url: 'http://proxy.example:8080', user: 'me', password: '{{proxy_password}}' },
      trustedCertificates: ['certificates/ca.pem'],
      clientCertificates: [{ host: 'a.example', certificate: '{{cert}}' }],
    },
  }),
  'certificates/ca.pem': pem('ca'),
  'profiles/orders.json': JSON.stringify({
    ...{ name: 'Orders', server: {}, grant: { kind: 'client_credentials' } },
    client: { kind: 'client_secret_basic', id: 'app', secret: '{{client_secret}}' },
  }),
};

/** The subject of the project's profile, with the names that were looked up for it so far. */
async function subject() {
  const project = await readProject(temporaryProject(files));
  const scope = { project, environmentId: null, environment: null, personas: {}, trusted: true };
  const asked: string[] = [];
  const lookupIn = () => async (name: string) => {
    asked.push(name);
    return new Secret(`value of ${name}`);
  };
  return { ...(await subjectOf(scope, { lookupIn }, 'orders', null)), asked };
}

describe('the network of a subject', () => {
  it('is not read before somebody asks for it, and then once', async () => {
    const { profile, asked } = await subject();
    expect(asked).toEqual(['client_secret']);
    const [network, again] = await Promise.all([profile.network(), profile.network()]);
    expect(asked).toEqual(['client_secret', 'proxy_password', 'cert']);
    expect(again).toBe(network);
    expect(network.trusted).toEqual({ kind: 'ready', value: [pem('ca')] });
  });

  it('has its secrets among the hidden ones of a profile that is reached', async () => {
    const { profile } = await subject();
    const contexts = createOAuthContexts({ connections: startConnections(), now: Date.now });
    const reached = await createReach(contexts)(profile);
    const hidden = (secrets: readonly Secret[]) => secrets.map((each) => each.reveal()).sort();
    expect(hidden(profile.hidden)).toEqual(['value of client_secret']);
    expect(hidden(reached.profile.hidden)).toEqual([
      ...['value of cert', 'value of client_secret', 'value of proxy_password'],
    ]);
    expect(reached.context).toBe(contexts.for(await profile.network()));
  });
});
