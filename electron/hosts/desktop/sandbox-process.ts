import { createRequire } from 'node:module';
import { type SandboxPort, sandboxWorker, type WorkerTask } from '../../consent/automation/sandbox-worker.ts';

// The entry of a utility process: one automation script in one QuickJS, then the process is ended.
const { parentPort } = process;
const port: SandboxPort = {
  postMessage: (message) => parentPort.postMessage(message),
  on: (_event, listener) => parentPort.on('message', ({ data }) => listener(data)),
};

parentPort.once('message', ({ data }: { data: WorkerTask }) => {
  void sandboxWorker({ require: createRequire(import.meta.url), port, task: data });
});
