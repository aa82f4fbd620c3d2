export { AutomationTab } from './automation-tab.tsx';
export { createScriptStore } from './script-store.ts';
export { ScriptStoreProvider } from './stores.ts';
