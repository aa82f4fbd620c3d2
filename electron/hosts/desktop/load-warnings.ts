/**
 * Keeps from the log what Electron warns of a page that could not be opened: it quotes the whole address, and that of a
 * redirect or a logout holds codes and tokens. The flow's own error says what happened. Other warnings are shown as ever.
 */
export function hideLoadWarnings(): void {
  const listeners = process.listeners('warning');
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    if (warning.message.startsWith('Failed to load URL')) return;
    for (const listener of listeners) listener(warning);
  });
}
