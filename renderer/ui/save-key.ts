import type { KeyboardEvent } from 'react';

/** Makes a key handler of what Ctrl+S, or Command+S, is to save. */
export function onSaveKey(save: () => void): (event: KeyboardEvent) => void {
  return (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 's') return;
    event.preventDefault();
    save();
  };
}
