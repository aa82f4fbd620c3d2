import { type ReactNode, useState } from 'react';
import { copyText } from '../api/copy-text.ts';
import type { EngineStore } from '../api/engine-store.ts';
import { EngineProvider } from '../api/use-engine.ts';
import {
  createHostQuestionStore,
  createManagerStore,
  createPersonaStore,
  createProfileDrafts,
  createSecretStore,
  createTokenStore,
  HostQuestionProvider,
  ManagerProvider,
  PersonaStoreProvider,
  ProfileDraftsProvider,
  SecretStoreProvider,
  TokenStoreProvider,
} from '../features/auth-manager/index.ts';
import {
  createPageScriptStore,
  createRecordStore,
  createScriptStore,
  createTestRunStore,
  PageScriptStoreProvider,
  RecordStoreProvider,
  ScriptStoreProvider,
  TestRunStoreProvider,
} from '../features/automation/index.ts';
import { createNetworkStore, NetworkStoreProvider } from '../features/network/index.ts';
import { createPlaygroundStore, PlaygroundStoreProvider } from '../features/playground/index.ts';
import {
  createProjectStore,
  createTrustStore,
  ProjectStoreProvider,
  TrustStoreProvider,
} from '../features/project/index.ts';
import {
  createRequestDrafts,
  createRequestStore,
  RequestDraftsProvider,
  RequestStoreProvider,
} from '../features/requests/index.ts';

function createStores(engine: EngineStore) {
  const profileDrafts = createProfileDrafts(engine);
  const manager = createManagerStore({ engine, drafts: profileDrafts });
  const secrets = createSecretStore({ engine, drafts: profileDrafts, manager });
  const scripts = createScriptStore(engine);
  const requestDrafts = createRequestDrafts(engine);
  return {
    profileDrafts,
    requestDrafts,
    manager,
    secrets,
    personas: createPersonaStore({ engine, drafts: profileDrafts, secrets }),
    tokens: createTokenStore({ engine, drafts: profileDrafts, secrets, copy: copyText }),
    hostQuestions: createHostQuestionStore({ engine, drafts: profileDrafts }),
    requests: createRequestStore(engine, requestDrafts),
    scripts,
    testRuns: createTestRunStore({ engine, drafts: profileDrafts, secrets }),
    recordings: createRecordStore({ engine, drafts: profileDrafts, secrets, scripts }),
    pageScripts: createPageScriptStore(engine, scripts),
    playground: createPlaygroundStore(engine),
    project: createProjectStore(engine),
    trust: createTrustStore(engine),
    network: createNetworkStore(engine),
  };
}

type AllStores = ReturnType<typeof createStores>;

function AuthManagerStores({ stores, children }: { stores: AllStores; children: ReactNode }) {
  return (
    <ManagerProvider value={stores.manager}>
      <ProfileDraftsProvider value={stores.profileDrafts}>
        <SecretStoreProvider value={stores.secrets}>
          <PersonaStoreProvider value={stores.personas}>
            <TokenStoreProvider value={stores.tokens}>
              <HostQuestionProvider value={stores.hostQuestions}>{children}</HostQuestionProvider>
            </TokenStoreProvider>
          </PersonaStoreProvider>
        </SecretStoreProvider>
      </ProfileDraftsProvider>
    </ManagerProvider>
  );
}

function AutomationStores({ stores, children }: { stores: AllStores; children: ReactNode }) {
  return (
    <ScriptStoreProvider value={stores.scripts}>
      <TestRunStoreProvider value={stores.testRuns}>
        <RecordStoreProvider value={stores.recordings}>
          <PageScriptStoreProvider value={stores.pageScripts}>{children}</PageScriptStoreProvider>
        </RecordStoreProvider>
      </TestRunStoreProvider>
    </ScriptStoreProvider>
  );
}

/** Makes the stores of all features over one engine, and gives them to the views. */
export function Stores({ engine, children }: { engine: EngineStore; children: ReactNode }) {
  const [stores] = useState(() => createStores(engine));
  return (
    <EngineProvider value={engine}>
      <ProjectStoreProvider value={stores.project}>
        <AuthManagerStores stores={stores}>
          <AutomationStores stores={stores}>
            <RequestDraftsProvider value={stores.requestDrafts}>
              <RequestStoreProvider value={stores.requests}>
                <PlaygroundStoreProvider value={stores.playground}>
                  <TrustStoreProvider value={stores.trust}>
                    <NetworkStoreProvider value={stores.network}>{children}</NetworkStoreProvider>
                  </TrustStoreProvider>
                </PlaygroundStoreProvider>
              </RequestStoreProvider>
            </RequestDraftsProvider>
          </AutomationStores>
        </AuthManagerStores>
      </ProjectStoreProvider>
    </EngineProvider>
  );
}
