import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron';
import { callNames } from '../../../shared/contract/calls.ts';
import { callChannel, eventChannel } from './channels.ts';

/** One function for each call of the contract, and nothing else: no channel name passes through. */
const api = Object.fromEntries(
  callNames.map((name) => [name, (params: unknown) => ipcRenderer.invoke(callChannel, name, params)]),
);

contextBridge.exposeInMainWorld('grantwright', {
  ...api,
  onEvent(listener: (event: unknown) => void): () => void {
    const forward = (_: IpcRendererEvent, event: unknown) => listener(event);
    ipcRenderer.on(eventChannel, forward);
    return () => ipcRenderer.removeListener(eventChannel, forward);
  },
});
