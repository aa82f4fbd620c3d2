export { AutomationTab } from './automation-tab.tsx';
export { createScriptStore } from './script-store.ts';
export { ScriptStoreProvider, TestRunStoreProvider } from './stores.ts';
export { createTestRunStore } from './test-run-store.ts';
