export { AutomationTab } from './automation-tab.tsx';
export { createRecordStore } from './record-store.ts';
export { createScriptStore } from './script-store.ts';
export { RecordStoreProvider, ScriptStoreProvider } from './stores.ts';
