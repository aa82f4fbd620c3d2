import { createContext, Script } from 'node:vm';

const escaped = (text: string): string => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');

/** What `waitForURL` takes: an exact URL, a glob (`*` stops at a slash, `**` does not), or a regular expression. */
export function addressMatcher(wanted: string | RegExp): (url: URL) => boolean {
  if (typeof wanted === 'string' && !wanted.includes('*')) return (url) => url.href === wanted;
  const pattern =
    typeof wanted === 'string'
      ? new RegExp(
          `^${wanted
            .split('**')
            .map((part) => part.split('*').map(escaped).join('[^/]*'))
            .join('.*')}$`,
        )
      : wanted;
  return (url) => matchesInTime(pattern, url.href);
}

/**
 * Tests with a time limit: both the expression (a script's) and the URL (a server's) may be hostile, and a match that
 * backtracks without end would stop the whole engine. Nothing of a script runs here, only the expression.
 */
export function matchesInTime(pattern: RegExp, text: string): boolean {
  const context = createContext({ source: pattern.source, flags: pattern.flags, text });
  try {
    return (
      new Script('new RegExp(source, flags).test(text)').runInContext(context, { timeout: 100 }) === true
    );
  } catch (thrown) {
    const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : null;
    if (code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false;
    throw thrown;
  }
}
