export { AutomationTab } from './automation-tab.tsx';
export { createRecordStore } from './record-store.ts';
export { createScriptStore } from './script-store.ts';
export { RecordStoreProvider, ScriptStoreProvider, TestRunStoreProvider } from './stores.ts';
export { createTestRunStore } from './test-run-store.ts';
