export { AutomationTab } from './automation-tab.tsx';
export { createPageScriptStore } from './page-script-store.ts';
export { createScriptStore } from './script-store.ts';
export { PageScriptStoreProvider, ScriptStoreProvider } from './stores.ts';
