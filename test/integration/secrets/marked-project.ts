import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { z } from 'zod';
import type { EngineClient } from '../../../shared/contract/router.ts';
import { type Persona, profileSchema } from '../../../shared/model/profile.ts';
import type { Exchange } from '../../../shared/model/request.ts';
import { startEngine, type TestEngine, type TestEngineOptions } from '../../fixtures/engine.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';
import type { MarkedServer } from './marked-server.ts';
import { secrets } from './markers.ts';
import { expectNoSecret, type Recorder, startRecorder } from './recorder.ts';

/** The id of the one profile. */
export const profile = 'orders-api';

/** Works the login page with all that the persona keeps secret. */
export const signIn = `await page.getByLabel('User').fill(vars.user);
await page.getByLabel('Password').fill(vars.password);
await page.getByLabel('Seed').fill(vars.seed);
await page.getByRole('button', { name: 'Sign in' }).click();`;

export type ProfileChanges = Partial<z.input<typeof profileSchema>>;

const secretValue = (name: string) => ({ name, kind: 'secret' as const, value: `{{orders_${name}}}` });

/** A persona of which everything is secret. */
export function persona(name: string): Persona {
  return { name, values: ['user', 'password', 'seed'].map(secretValue) };
}

/** The profile of a marked server; by default the authorization code grant. */
export function markedProfile(server: MarkedServer, changes: ProfileChanges = {}) {
  return profileSchema.parse({
    name: 'Orders API',
    grant: { kind: 'authorization_code', redirectUri: 'http://127.0.0.1:1/callback' },
    server: {
      issuer: server.url,
      authorizationUrl: `${server.url}/authorize`,
      tokenUrl: `${server.url}/token`,
      revocationUrl: `${server.url}/revoke`,
      introspectionUrl: `${server.url}/introspect`,
      endSessionUrl: `${server.url}/end-session`,
      pushedAuthorizationUrl: `${server.url}/pushed`,
      deviceAuthorizationUrl: `${server.url}/device`,
      backchannelAuthenticationUrl: `${server.url}/backchannel`,
    },
    client: { kind: 'client_secret_basic', id: 'orders-app', secret: '{{orders_secret}}' },
    scope: 'openid orders',
    postLogoutRedirectUri: 'http://127.0.0.1:1/signed-out',
    personas: [persona('default')],
    ...changes,
  });
}

/** Makes the project of a marked server through the contract of a host, and stores its secrets there. */
export async function createMarkedProject(
  call: EngineClient,
  folder: string,
  server: MarkedServer,
  changes: ProfileChanges = {},
  script: string | null = signIn,
): Promise<void> {
  await call('project.create', { folder, name: 'Orders' });
  await call('profiles.create', { name: 'Orders API' });
  await call('profiles.save', { id: profile, profile: markedProfile(server, changes) });
  await call('scripts.save', { profile, source: script });
  await call('requests.create', { name: 'List' });
  const auth = { kind: 'profile' as const, profile };
  await call('requests.save', { id: 'list', request: { name: 'List', url: `${server.url}/api`, auth } });
  await mkdir(join(folder, 'environments'));
  const environment = { name: 'Dev', secrets: ['api_key', 'broken_key'] };
  await writeFile(join(folder, 'environments', 'dev.json'), JSON.stringify(environment));
  await call('project.open', { folder });
  for (const [name, value] of Object.entries(secrets)) await call('secrets.save', { name, value });
}

/** An engine of which everything is recorded but the answers of `tokens.reveal`. */
export interface RecordedEngine extends TestEngine {
  recorder: Recorder;
  /** The project's folder. */
  project: string;
  /** As a call that may fail: what came of it is recorded. */
  try: EngineTry;
  /** Looks for secrets in everything so far: answers, errors, events, prints, files. */
  expectNoSecret(what: string): void;
}

type EngineTry = (...params: Parameters<EngineClient>) => Promise<string>;

export interface RecordedOptions extends Partial<TestEngineOptions> {
  profile?: ProfileChanges;
  script?: string | null;
  /** That of another engine, which shares it. */
  recorder?: Recorder;
  /** The folder in which the project is made; by default a new one. With `folder` it is there already. */
  on?: string;
}

/** Starts an engine with the project of a marked server. */
export async function startMarkedEngine(
  server: MarkedServer,
  { profile: changes, script, on, recorder = startRecorder(), ...options }: RecordedOptions = {},
): Promise<RecordedEngine> {
  const engine = await startEngine({ ...options, folder: options.folder ?? on ?? (await temporaryFolder()) });
  const folder = dirname(engine.dataFolder);
  const project = join(engine.projectsFolder, 'orders');
  const call: EngineClient = async (name, params) => {
    try {
      const result = await engine.call(name, params);
      if (name !== 'tokens.reveal') recorder.record(`the answer of ${name}`, result);
      return result;
    } catch (thrown) {
      recorder.record(`the failure of ${name}`, thrown);
      throw thrown;
    }
  };
  if (options.folder === undefined) await createMarkedProject(call, project, server, changes, script);
  else await call('project.open', { folder: project });
  server.onRequest = () => recorder.lookAt(folder);
  return {
    ...{ ...engine, call, recorder, project },
    try: (name, params) =>
      call(name, params).then(
        () => 'done',
        (thrown: { code?: string }) => thrown.code ?? 'unknown',
      ),
    expectNoSecret(what) {
      for (const event of engine.events) recorder.record(`the event ${event.kind}`, event);
      recorder.lookAt(folder);
      expectNoSecret(what, recorder.places(), server);
    },
  };
}

/** Sends with the profile's token, or with headers of its own and none. */
export function send(
  { call }: TestEngine,
  url: string,
  headers: Record<string, string> = {},
  as: string | null = null,
): Promise<Exchange> {
  const list = Object.entries(headers).map(([name, value]) => ({ name, value }));
  const auth =
    list.length > 0 ? { kind: 'none' as const } : { kind: 'profile' as const, profile, persona: as };
  return call('requests.send', { id: 'list', request: { name: 'List', url, headers: list, auth } });
}
