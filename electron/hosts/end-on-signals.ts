/** What a shell gives as exit code for a program that a signal ended: 128 and the signal's number. */
const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * Ctrl+C and the like end a host in good order: a refresh that is on the wire is let finish, for its answer may hold the
 * only living refresh token. Asked twice, it goes at once. `exitCode` is for an end in good order; default: a shell's.
 * Gives a function that stops listening.
 */
export function endOnSignals(dispose: () => Promise<void>, exitCode?: number): () => void {
  const signals = Object.keys(exitCodes) as (keyof typeof exitCodes)[];
  let isEnding = false;
  function end(signal: keyof typeof exitCodes): void {
    if (isEnding) process.exit(exitCodes[signal]);
    isEnding = true;
    void dispose().finally(() => process.exit(exitCode ?? exitCodes[signal]));
  }
  for (const signal of signals) {
    // The settings file's library listens too, and sends the signal again at once: it would count as asked twice.
    process.removeAllListeners(signal);
    process.on(signal, end);
  }
  return () => {
    for (const signal of signals) process.off(signal, end);
  };
}
