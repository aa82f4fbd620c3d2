import { createRequire } from 'node:module';
import { sandboxPackages } from '../../consent/automation/sandbox-thread.ts';
import {
  loadQuickJs,
  type SandboxPort,
  sandboxWorker,
  type WorkerTask,
} from '../../consent/automation/sandbox-worker.ts';

// The entry of a utility process: one automation script in one QuickJS, then the process is ended.
const { parentPort } = process;
const port: SandboxPort = {
  postMessage: (message) => parentPort.postMessage(message),
  on: (_event, listener) => parentPort.on('message', ({ data }) => listener(data)),
};

const require = createRequire(import.meta.url);

// The process may be started ahead of its task.
const quickjs = loadQuickJs({ require, packages: sandboxPackages });
// Whoever waits for it hears why it failed.
quickjs.catch(() => undefined);
parentPort.once('message', ({ data }: { data: WorkerTask }) => {
  void sandboxWorker({ quickjs, port, task: data });
});
