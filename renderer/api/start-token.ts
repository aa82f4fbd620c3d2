const storageKey = 'grantwright-start-token';

/** As much of a window as the start token needs. */
interface Page {
  location: { hash: string; pathname: string; search: string };
  history: { replaceState(data: unknown, unused: string, url: string): void };
  sessionStorage: { getItem(key: string): string | null; setItem(key: string, value: string): void };
}

/**
 * Takes the web host's start token out of `#token=...`, keeps it for this tab and removes it from the address, so that
 * it is in no history or bookmark. Undefined: the page was opened without one.
 */
export function takeStartToken(page: Page): string | undefined {
  const given = new URLSearchParams(page.location.hash.slice(1)).get('token');
  if (given !== null && given !== '') {
    page.sessionStorage.setItem(storageKey, given);
    page.history.replaceState(null, '', `${page.location.pathname}${page.location.search}`);
  }
  return page.sessionStorage.getItem(storageKey) ?? undefined;
}
