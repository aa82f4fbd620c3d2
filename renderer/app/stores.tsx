import { type ReactNode, useState } from 'react';
import { copyText } from '../api/copy-text.ts';
import type { EngineStore } from '../api/engine-store.ts';
import { EngineProvider } from '../api/use-engine.ts';
import {
  createManagerStore,
  createPersonaStore,
  createProfileDrafts,
  createTokenStore,
  ManagerProvider,
  PersonaStoreProvider,
  ProfileDraftsProvider,
  TokenStoreProvider,
} from '../features/auth-manager/index.ts';
import { createScriptStore, ScriptStoreProvider } from '../features/automation/index.ts';
import { createPlaygroundStore, PlaygroundStoreProvider } from '../features/playground/index.ts';
import { createProjectStore, ProjectStoreProvider } from '../features/project/index.ts';
import {
  createRequestDrafts,
  createRequestStore,
  RequestDraftsProvider,
  RequestStoreProvider,
} from '../features/requests/index.ts';

function createStores(engine: EngineStore) {
  const profileDrafts = createProfileDrafts(engine);
  const manager = createManagerStore(engine);
  const requestDrafts = createRequestDrafts(engine);
  return {
    profileDrafts,
    requestDrafts,
    manager,
    personas: createPersonaStore({ engine, drafts: profileDrafts, manager }),
    tokens: createTokenStore({ engine, drafts: profileDrafts, copy: copyText }),
    requests: createRequestStore(engine, requestDrafts),
    scripts: createScriptStore(engine),
    playground: createPlaygroundStore(engine),
    project: createProjectStore(engine),
  };
}

/** Makes the stores of all features over one engine, and gives them to the views. */
export function Stores({ engine, children }: { engine: EngineStore; children: ReactNode }) {
  const [stores] = useState(() => createStores(engine));
  return (
    <EngineProvider value={engine}>
      <ProjectStoreProvider value={stores.project}>
        <ManagerProvider value={stores.manager}>
          <ProfileDraftsProvider value={stores.profileDrafts}>
            <TokenStoreProvider value={stores.tokens}>
              <PersonaStoreProvider value={stores.personas}>
                <ScriptStoreProvider value={stores.scripts}>
                  <RequestDraftsProvider value={stores.requestDrafts}>
                    <RequestStoreProvider value={stores.requests}>
                      <PlaygroundStoreProvider value={stores.playground}>{children}</PlaygroundStoreProvider>
                    </RequestStoreProvider>
                  </RequestDraftsProvider>
                </ScriptStoreProvider>
              </PersonaStoreProvider>
            </TokenStoreProvider>
          </ProfileDraftsProvider>
        </ManagerProvider>
      </ProjectStoreProvider>
    </EngineProvider>
  );
}
