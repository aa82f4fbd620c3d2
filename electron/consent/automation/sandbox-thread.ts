import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { sandboxWorker, type WorkerTask } from './sandbox-worker.ts';

/** Where a sandbox runs: something that can be ended from outside, whatever it computes. */
export interface SandboxThread {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** It ended without being told to. */
  onFailure(listener: (error: Error) => void): void;
  end(): Promise<void>;
}

/** Starts a sandbox for one script. Each host may have its own way; `startWorkerThread` serves all of Node's. */
export type StartSandboxThread = (task: WorkerTask) => SandboxThread;

const require = createRequire(import.meta.url);

/** Absolute paths of the two packages of the sandbox: what is started from text or elsewhere has no folder to resolve from. */
export const sandboxPackages = {
  core: require.resolve('quickjs-emscripten-core'),
  variant: require.resolve('@jitl/quickjs-ng-wasmfile-release-sync'),
};

/** A worker thread of Node. */
export const startWorkerThread: StartSandboxThread = (task) => {
  const code = `const threads = require('node:worker_threads');
    (${sandboxWorker.toString()})({ require, port: threads.parentPort, task: threads.workerData });`;
  // Its output is not ours: a QuickJS that breaks prints there. It needs nothing of the environment either.
  const worker = new Worker(code, {
    eval: true,
    workerData: task,
    env: {},
    stdout: true,
    stderr: true,
    execArgv: [],
  });
  return {
    post: (message) => worker.postMessage(message),
    onMessage: (listener) => void worker.on('message', listener),
    onFailure(listener) {
      worker.on('error', listener);
      worker.on('exit', () => listener(new Error('the sandbox ended by itself')));
    },
    end: async () => void (await worker.terminate()),
  };
};
