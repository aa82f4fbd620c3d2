import { once } from 'node:events';
import { join } from 'node:path';
import { type UtilityProcess, utilityProcess } from 'electron';
import type { SandboxThread, StartSandboxThread } from '../../consent/automation/sandbox-thread.ts';
import type { WorkerTask } from '../../consent/automation/sandbox-worker.ts';
import { createSpare } from '../../consent/automation/spare.ts';

function startProcess(): UtilityProcess {
  return utilityProcess.fork(join(import.meta.dirname, 'sandbox.js'), [], {
    serviceName: 'Automation script',
    // Its output is not ours: a QuickJS that breaks prints there. It needs nothing of the environment either.
    stdio: 'ignore',
    env: {},
  });
}

const spare = createSpare<UtilityProcess>({
  start: startProcess,
  onEnded: (child, forget) => void child.once('exit', forget),
  end: (child) => void child.kill(),
});

/**
 * Runs a sandbox in a process of its own: in Electron's main process, WebAssembly in worker threads brings the main
 * thread to a standstill after some ten workers (seen with Electron 33: V8 posts itself a task over and over).
 */
export const startUtilityProcess: StartSandboxThread = Object.assign(
  (task: WorkerTask): SandboxThread => {
    const child = spare.take() ?? startProcess();
    const exited = once(child, 'exit');
    child.postMessage(task);
    return {
      post: (message) => child.postMessage(message),
      onMessage: (listener) => void child.on('message', listener),
      onFailure: (listener) =>
        void child.once('exit', () => listener(new Error('the sandbox ended by itself'))),
      async end() {
        if (child.kill()) await exited;
      },
    };
  },
  { ahead: () => spare.prepare() },
);
