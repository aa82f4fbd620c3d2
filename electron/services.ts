import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createRouter, type Router } from '../shared/contract/router.ts';
import { createConsentService } from './consent/consent-service.ts';
import { createConnections } from './network/connections.ts';
import { needsGateway, openGateway } from './network/gateway.ts';
import { readClientCertificate } from './oauth/keys/client-certificate.ts';
import { createOAuthContexts } from './oauth/network-contexts.ts';
import { writeScriptTypes } from './projects/script-types.ts';
import { createRequestService } from './requests/request-service.ts';
import { createSender } from './requests/send.ts';
import { describeDefect } from './services/defect.ts';
import { followOthers } from './services/follow-others.ts';
import { createHandlers } from './services/handlers.ts';
import type { Host } from './services/host.ts';
import { createHostQuestions } from './services/host-questions.ts';
import { createPlaygroundAccess } from './services/playground-access.ts';
import { createProfileTokens, type ProfileTokens } from './services/profile-tokens.ts';
import { createReach } from './services/reach.ts';
import { createRecordings } from './services/recordings.ts';
import { createSample } from './services/sample.ts';
import { SettingsService } from './services/settings.ts';
import { createTestRuns } from './services/test-runs.ts';
import { createTokenUpdates } from './services/token-updates.ts';
import { createVariables } from './services/variables.ts';
import { VaultAccess } from './services/vault-access.ts';
import { Workspace } from './services/workspace.ts';
import { timelineFile } from './tokens/timeline-file.ts';
import { createTokenService } from './tokens/token-service.ts';

/** The engine, ready for a host to connect to its transport. */
export interface Services {
  router: Router;
  /** Ends what runs: the playground, warm browsers, updates and requests under way. */
  dispose(): Promise<void>;
}

/** The hosts as other processes, and the timeline, name them. */
const places = {
  desktop: 'the desktop app',
  web: 'the web host',
  cli: 'the command line',
} as const satisfies Record<Host['kind'], string>;

/** Wires the rooms together from the parts that a host gives, and opens the project that was open last. */
export async function createServices(host: Host): Promise<Services> {
  const settings = new SettingsService(host.settings);
  const vault = await VaultAccess.start(host, settings);
  const playground = createPlaygroundAccess(host, settings);
  const connections = createConnections({
    readIdentity: readClientCertificate,
    systemProxy: host.systemProxy,
  });
  const contexts = createOAuthContexts({ connections, now: host.now });
  const reach = createReach(contexts);
  const consent = createConsentService({
    browsers: host.consentBrowsers,
    now: host.now,
    startThread: host.startSandboxThread,
    openGateway: async (network, asks) =>
      needsGateway(network, connections) ? openGateway(connections, network, asks) : null,
    failureFolder: join(host.dataFolder, 'failures'),
  });

  const testRuns = createTestRuns(host);
  const questions = createHostQuestions();

  // Called once the engine is complete, so that it may name what is made further below.
  let shown: string | null = null;
  const workspace: Workspace = new Workspace(host, settings, {
    async onChange() {
      const folder = workspace.isOpen() ? workspace.project().folder : null;
      if (folder !== shown) {
        testRuns.leave();
        recordings.leave();
      }
      shown = folder;
      await tokens.tellAll();
    },
    // Where nobody edits scripts (a command line, CI) a checkout stays as it is.
    onRead: async (project) => (host.followsOthers ? writeScriptTypes(project) : undefined),
  });
  const variables = createVariables({ host, workspace, vault, playground });
  const timeline = timelineFile(join(host.dataFolder, 'timeline.jsonl'), host.now);
  const tokenService = createTokenService({
    vault: () => vault.vault(),
    // Nobody shares what is in this process's memory.
    lockFolder: () => (vault.vault().protection === 'memory' ? null : join(host.dataFolder, 'locks')),
    now: host.now,
    timeline: () => (vault.isKept() ? timeline : null),
    where: places[host.kind],
    ...(host.tokenWaitMs === undefined ? {} : { lockWaitMs: host.tokenWaitMs }),
    updates: createTokenUpdates({
      consent,
      reach,
      vault: () => vault.vault(),
      testRuns,
      questions,
      assertTrusted: (folder, profile, file) => workspace.assertTrusted(folder, profile, file),
    }),
    personPresent: host.personPresent,
    // Only where windows show it: a command line renews nothing that it was not asked for.
    subjectFor: async (key) => (host.followsOthers ? tokens.subjectFor(key) : null),
    onEvent: (event, project) => {
      if (workspace.isMarked(project)) host.emit({ kind: 'token_event', event });
    },
    onProblem: (problem) => console.error(`The timeline is not complete: ${problem.message}`),
    // A status names its profile alone: one of another environment or project must not be taken for the shown one's.
    onStatus: (status, key) => {
      if (workspace.isShown(key)) host.emit({ kind: 'token_status', status });
    },
  });
  const tokens: ProfileTokens = createProfileTokens(host, workspace, variables, tokenService);
  const sender = createSender({ now: host.now, connections });
  const requests = createRequestService({
    now: host.now,
    begin: () => {
      const scope = workspace.scope();
      return { lookup: variables.lookupIn(scope), ...tokens.within(scope) };
    },
    sender,
    newId: randomUUID,
  });

  const recordings = createRecordings({ host, workspace, variables, consent, reach });

  const sample = createSample({ host, workspace, variables, settings });
  await workspace.reopenLast();
  await sample.seed();
  const following = host.followsOthers ? followOthers(host.dataFolder, { tokens, workspace }) : null;
  const handlers = createHandlers({
    host,
    settings,
    vault,
    workspace,
    variables,
    playground,
    sample,
    tokens,
    requests,
    recordings,
    oauth: contexts,
    testRuns,
    questions,
  });
  return {
    router: createRouter(handlers, (name, defect) =>
      console.error(`The call ${name} failed unexpectedly.\n${describeDefect(defect)}`),
    ),
    async dispose() {
      // One part that fails to end must not keep the others running.
      const steps = [
        async () => following?.close(),
        async () => testRuns.leave(),
        async () => recordings.leave(),
        () => workspace.dispose(),
        () => tokenService.dispose(),
        () => vault.close(),
        () => connections.close(),
        () => Promise.all(host.consentBrowsers.map((browser) => browser.dispose())),
        () => playground.dispose(),
      ];
      for (const step of steps) {
        await step().catch((thrown: unknown) =>
          console.error(`A part did not end.\n${describeDefect(thrown)}`),
        );
      }
    },
  };
}
