import type { Handlers } from '../../shared/contract/router.ts';
import { AppError } from '../../shared/errors.ts';
import { Secret } from '../../shared/secret.ts';
import { checkScript } from '../consent/automation/check-script.ts';
import { convertPages } from '../consent/automation/convert-pages.ts';
import { checkPageScripts } from '../consent/automation/page-scripts.ts';
import type { OAuthContexts } from '../oauth/network-contexts.ts';
import { effectiveAuth } from '../projects/effective-auth.ts';
import {
  addCertificates,
  createProfile,
  createProject,
  createRequest,
  deleteProfile,
  deleteRequest,
  readPageScripts,
  readScript,
  saveNetwork,
  savePageScripts,
  saveProfile,
  saveRequest,
  saveScript,
} from '../projects/project-changes.ts';
import { isTaken } from '../projects/project-files.ts';
import type { RequestService } from '../requests/request-service.ts';
import { discoverServer } from './discover-server.ts';
import type { Host } from './host.ts';
import type { HostQuestions } from './host-questions.ts';
import { renamePersona } from './personas.ts';
import type { PlaygroundAccess } from './playground-access.ts';
import type { ProfileTokens } from './profile-tokens.ts';
import type { Recordings } from './recordings.ts';
import { certificatesIn } from './resolve-network.ts';
import type { Sample } from './sample.ts';
import { profileIn } from './scope.ts';
import { reviewScripts } from './script-review.ts';
import type { SettingsService } from './settings.ts';
import { testRunHandlers } from './test-run-handlers.ts';
import type { TestRuns } from './test-runs.ts';
import { tokenHandlers } from './token-handlers.ts';
import type { Variables } from './variables.ts';
import type { VaultAccess } from './vault-access.ts';
import type { Workspace } from './workspace.ts';

/** The rooms, as the handlers need them. */
export interface Rooms {
  host: Host;
  settings: SettingsService;
  vault: VaultAccess;
  workspace: Workspace;
  variables: Variables;
  playground: PlaygroundAccess;
  sample: Sample;
  tokens: ProfileTokens;
  requests: RequestService;
  recordings: Recordings;
  oauth: OAuthContexts;
  testRuns: TestRuns;
  questions: HostQuestions;
}

type Part<Prefix extends string> = Pick<Handlers, Extract<keyof Handlers, `${Prefix}.${string}`>>;

function appHandlers({
  host,
  settings,
  vault,
  workspace,
  sample,
}: Rooms): Part<'app'> & Part<'settings'> & Part<'vault'> {
  return {
    'app.info': async () => ({
      host: host.kind,
      version: host.version,
      canChooseFolder: host.chooseFolder !== null,
      projectsFolder: host.projectsFolder,
    }),
    'settings.read': async () => workspace.settings(),
    'settings.setTheme': async ({ theme }) => {
      settings.set('theme', theme);
      host.emit({ kind: 'settings', settings: workspace.settings() });
      return workspace.settings();
    },
    'settings.setEnvironment': async ({ environment }) => {
      await workspace.chooseEnvironment(environment);
      return workspace.settings();
    },
    'settings.setPersona': async ({ profile, persona }) => {
      await workspace.choosePersona(profile, persona);
      return workspace.settings();
    },
    'vault.status': async () => vault.status(),
    'vault.choose': async ({ choice }) => {
      const status = await vault.choose(choice);
      await sample.seed();
      return status;
    },
  };
}

function projectHandlers({ host, workspace, sample }: Rooms): Part<'project'> {
  return {
    'project.current': async () => workspace.state(),
    'project.open': ({ folder, trust }) => workspace.open(folder, trust),
    'project.create': async ({ folder, name }) => {
      // Scripts that lay in the folder before were not made here.
      const hasScripts = await isTaken(folder, 'scripts').catch(() => true);
      await createProject(folder, name);
      return workspace.open(folder, !hasScripts);
    },
    'project.openSample': () => sample.open(),
    'project.close': () => workspace.close(),
    'project.trust': ({ folder }) => workspace.setTrust(folder, true),
    'project.distrust': ({ folder }) => workspace.setTrust(folder, false),
    'project.saveNetwork': async ({ network }) => {
      await saveNetwork(workspace.project().folder, network);
      await workspace.reload();
      return {};
    },
    'project.addCertificates': async ({ name, pem }) => {
      const { folder } = workspace.project();
      const certificates = certificatesIn(pem, name);
      const path = await addCertificates(folder, name.replace(/\.\w+$/, '') || 'ca', certificates);
      return { path };
    },
    'project.chooseFolder': async () => {
      if (host.chooseFolder === null) {
        throw new AppError('not_supported_here', 'This host has no folder dialog.', {
          action: 'Type the path.',
        });
      }
      return { folder: await host.chooseFolder() };
    },
  };
}

function profileHandlers({
  host,
  workspace,
  variables,
  oauth,
  tokens,
  recordings,
}: Rooms): Part<'profiles'> & Part<'scripts'> & Part<'secrets'> {
  const folder = () => workspace.project().folder;
  return {
    'profiles.create': async ({ name }) => {
      const id = await createProfile(folder(), name);
      await workspace.reload();
      return { id };
    },
    'profiles.save': async ({ id, profile }) => {
      profileIn(workspace.scope(), id);
      const before = tokens.ownersOf(id);
      await saveProfile(folder(), id, profile);
      // Whoever takes a persona away means its tokens too; an edit of the file from outside deletes nothing.
      const names = new Set(profile.personas.map(({ name }) => name));
      await tokens.drop(before.filter(({ key }) => !names.has(key.persona)));
      await workspace.reload();
      return {};
    },
    'profiles.renamePersona': async (names) => {
      await renamePersona({ workspace, tokens }, names);
      return {};
    },
    'profiles.delete': async ({ id }) => {
      const owners = tokens.ownersOf(id);
      await deleteProfile(folder(), id);
      await tokens.drop(owners);
      await workspace.reload();
      return {};
    },
    'profiles.discover': async (asked) => discoverServer(asked, workspace.scope(), variables, oauth),
    'scripts.read': async ({ profile }) => ({ source: await readScript(folder(), profile) }),
    'scripts.review': () => reviewScripts(workspace.scope(), variables),
    'scripts.save': async ({ profile, source, base }) => {
      await saveScript(folder(), profile, source, base);
      await workspace.reload();
      return {};
    },
    'scripts.check': async ({ source }) => ({
      error: (await checkScript(source, 'script.js', host.startSandboxThread))?.toWire() ?? null,
    }),
    'scripts.record': (name) => recordings.record(name),
    'scripts.cancelRecording': async ({ profile }) => {
      recordings.cancel(profile);
      return {};
    },
    'secrets.list': async () => ({ secrets: await variables.listSecrets() }),
    'secrets.save': async ({ name, value }) => {
      await variables.saveSecret(name, new Secret(value));
      await tokens.tellAll();
      return {};
    },
  };
}

function pageScriptHandlers({ workspace }: Rooms): Part<'pageScripts'> {
  const folder = () => workspace.project().folder;
  return {
    'pageScripts.read': async ({ profile }) => ({ pages: await readPageScripts(folder(), profile) }),
    'pageScripts.save': async ({ profile, pages, base }) => {
      await savePageScripts(folder(), profile, pages, base);
      await workspace.reload();
      return {};
    },
    'pageScripts.check': async ({ pages }) => ({
      errors: checkPageScripts(pages, 'pages.json').map((error) => error?.toWire() ?? null),
    }),
    'pageScripts.convert': async ({ pages }) => convertPages(pages),
  };
}

function requestHandlers({ workspace, requests }: Rooms): Part<'requests'> {
  const folder = () => workspace.project().folder;
  const sending = new Map<string, Set<AbortController>>();
  return {
    'requests.create': async ({ name }) => {
      const id = await createRequest(folder(), name);
      await workspace.reload();
      return { id };
    },
    'requests.save': async ({ id, request }) => {
      await saveRequest(folder(), id, request);
      await workspace.reload();
      return {};
    },
    'requests.delete': async ({ id }) => {
      await deleteRequest(folder(), id);
      await workspace.reload();
      return {};
    },
    'requests.send': async ({ id, request }) => {
      const controller = new AbortController();
      const running = sending.get(id) ?? new Set();
      sending.set(id, running.add(controller));
      try {
        return await requests.send(
          { id, request, auth: effectiveAuth(workspace.project(), id, request.auth) },
          controller.signal,
        );
      } finally {
        running.delete(controller);
        if (running.size === 0) sending.delete(id);
      }
    },
    'requests.cancel': async ({ id }) => {
      for (const controller of sending.get(id) ?? []) controller.abort();
      return {};
    },
  };
}

function playgroundHandlers({ playground }: Rooms): Part<'playground'> {
  return {
    'playground.status': async () => playground.status(),
    'playground.start': async () => (await playground.start()).status(),
    'playground.configure': ({ settings }) => playground.configure(settings),
    'playground.revokeAll': () => playground.revokeAll(),
  };
}

/** Every call of the contract, joined to the rooms. */
export function createHandlers(rooms: Rooms): Handlers {
  return {
    ...appHandlers(rooms),
    ...projectHandlers(rooms),
    ...profileHandlers(rooms),
    ...pageScriptHandlers(rooms),
    ...requestHandlers(rooms),
    ...tokenHandlers(rooms.tokens, rooms.questions),
    ...playgroundHandlers(rooms),
    ...testRunHandlers(rooms),
  };
}
