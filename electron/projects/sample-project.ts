import { AppError } from '../../shared/errors.ts';
import { profileSchema } from '../../shared/model/profile.ts';
import { folderSchema, requestSchema } from '../../shared/model/request.ts';
import { environmentSchema } from '../../shared/model/variable.ts';
import { Secret } from '../../shared/secret.ts';
import { createProject } from './project-changes.ts';
import { isTaken } from './project-files.ts';
import {
  environmentPath,
  folderPath,
  profilePath,
  projectFile,
  requestPath,
  scriptPath,
} from './project-paths.ts';
import { makeFolder, writeJson, writeText } from './project-writes.ts';

/** The environment to choose when the sample is opened. */
export const sampleEnvironment = 'playground';

const environment = {
  name: 'Playground',
  variables: { orders_url: '{{playground_url}}/api' },
  secrets: ['orders_service_secret'],
};

function persona(name: string, user: string) {
  return {
    name,
    values: [
      { name: 'user', kind: 'plain' as const, value: user },
      // The playground's passwords are public, its login page shows them; a real one belongs in the vault.
      { name: 'password', kind: 'plain' as const, value: `${user}-pw` },
    ],
  };
}

const ordersApi = {
  name: 'Orders API',
  grant: { kind: 'authorization_code' as const, redirectUri: 'http://127.0.0.1/callback' },
  server: { issuer: '{{playground_url}}' },
  client: { kind: 'none' as const, id: 'playground-app' },
  scope: 'openid profile offline_access orders.read orders.write',
  postLogoutRedirectUri: 'http://127.0.0.1/signed-out',
  personas: [persona('admin', 'alice'), persona('reader', 'bob')],
};

const ordersService = {
  name: 'Orders service',
  grant: { kind: 'client_credentials' as const },
  server: { issuer: '{{playground_url}}' },
  client: {
    kind: 'client_secret_basic' as const,
    id: 'playground-service',
    secret: '{{orders_service_secret}}',
  },
  scope: 'orders.read',
};

const ordersApiScript = `// Works the playground's login and consent screens, as a person would.
// vars holds the values of the profile's persona: here user and password.

// The login screen
await page.getByLabel('User name').fill(vars.user);
await page.getByLabel('Password').fill(vars.password);
await page.getByRole('button', { name: 'Sign in' }).click();

// The consent screen
await page.getByRole('button', { name: 'Allow' }).click();
`;

const requests = {
  'orders/list': { name: 'List orders', url: '{{orders_url}}/orders' },
  'orders/get': { name: 'Get an order', url: '{{orders_url}}/orders/1001' },
  'orders/create': {
    name: 'Create an order',
    method: 'POST' as const,
    url: '{{orders_url}}/orders',
    body: { kind: 'json' as const, text: '{\n  "item": "Notebook",\n  "quantity": 2\n}' },
  },
  'service/list': {
    name: 'List orders as a service',
    url: '{{orders_url}}/orders',
    auth: { kind: 'profile' as const, profile: 'orders-service' },
  },
};

/** The secret values that belong in the vault for the sample; the playground shows them to everybody. */
export const sampleSecrets = [
  { name: 'orders_service_secret', value: new Secret('playground-service-secret') },
];

/**
 * Writes a ready project on the playground, to be used in the environment `sampleEnvironment`. Throws `project_exists`, or as any write.
 */
export async function writeSampleProject(folder: string): Promise<void> {
  if (await isTaken(folder, projectFile)) {
    throw new AppError('project_exists', `${folder} is a project already.`, { action: 'Open it.' });
  }
  await makeFolder(folder);
  await writeJson(folder, environmentPath(sampleEnvironment), environmentSchema, environment);
  await writeJson(folder, profilePath('orders-api'), profileSchema, ordersApi);
  await writeText(folder, scriptPath('orders-api'), ordersApiScript);
  await writeJson(folder, profilePath('orders-service'), profileSchema, ordersService);
  const auth = { kind: 'profile' as const, profile: 'orders-api' };
  await writeJson(folder, folderPath('orders'), folderSchema, { name: 'Orders', auth });
  for (const [id, request] of Object.entries(requests)) {
    await writeJson(folder, requestPath(id), requestSchema, request);
  }
  // Last, since it is what makes the folder a project: a write that failed before can simply be repeated.
  await createProject(folder, 'Playground sample');
}
