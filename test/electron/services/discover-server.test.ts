import { expect, it, onTestFinished } from 'vitest';
import { createOAuthContexts } from '../../../electron/oauth/network-contexts.ts';
import { readProject } from '../../../electron/projects/project-folder.ts';
import { discoverServer } from '../../../electron/services/discover-server.ts';
import { Secret } from '../../../shared/secret.ts';
import { startConnections } from '../../fixtures/connections.ts';
import { sendJson, startWebServer } from '../../fixtures/web-server.ts';
import { failureOf, temporaryProject } from '../projects/temporary-project.ts';

it('says nothing of what a proxy repeats of its password, nor of a secret in the issuer', async () => {
  const proxy = await startWebServer(({ headers, path }, response) => {
    const proof = String(headers['proxy-authorization']).replace('Basic ', '');
    const issuer = `${Buffer.from(proof, 'base64')} for ${path}`;
    sendJson(response, { issuer, token_endpoint: 'https://id.orders.test/token' });
  });
  onTestFinished(() => proxy.close());
  const network = { proxy: { kind: 'custom', url: proxy.url, user: 'me', password: '{{password}}' } };
  const project = await readProject(
    temporaryProject({ 'grantwright.json': JSON.stringify({ format: 1, name: 'Orders', network }) }),
  );
  const scope = { project, environmentId: null, environment: null, personas: {}, trusted: true };
  const lookupIn = () => async (name: string) => new Secret(`${name}-marker`);
  const contexts = createOAuthContexts({ connections: startConnections(), now: Date.now });
  const asked = { issuer: 'http://id.orders.test/{{tenant}}', verifyTls: true };
  const { code, message } = await failureOf(discoverServer(asked, scope, { lookupIn }, contexts));
  expect(code).toBe('discovery_failed');
  expect(message).toContain('me:[secret] for');
  expect(message).not.toContain('marker');
});
