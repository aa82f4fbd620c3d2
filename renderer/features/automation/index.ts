export { AutomationTab } from './automation-tab.tsx';
export { createPageScriptStore } from './page-script-store.ts';
export { createRecordStore } from './record-store.ts';
export { createScriptStore } from './script-store.ts';
export {
  PageScriptStoreProvider,
  RecordStoreProvider,
  ScriptStoreProvider,
  TestRunStoreProvider,
} from './stores.ts';
export { createTestRunStore } from './test-run-store.ts';
