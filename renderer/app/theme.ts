import { useEffect } from 'react';
import type { Theme } from '../../shared/contract/calls.ts';

const darkQuery = '(prefers-color-scheme: dark)';

/** Puts a theme on the page; `system` follows the system, also when it changes later. Returns its own end. */
export function applyTheme(theme: Theme, page: Window): () => void {
  const system = page.matchMedia(darkQuery);
  const apply = () => {
    const dark = theme === 'dark' || (theme === 'system' && system.matches);
    page.document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  };
  apply();
  system.addEventListener('change', apply);
  return () => system.removeEventListener('change', apply);
}

/** Keeps the page in a theme. */
export function useTheme(theme: Theme): void {
  useEffect(() => applyTheme(theme, window), [theme]);
}
