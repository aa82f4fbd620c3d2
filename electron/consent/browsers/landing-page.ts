import type { AfterConsent } from '../../../shared/model/profile.ts';

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A text of the profile or the server, as it may stand in a page. */
export function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (one) => entities[one] ?? '');
}

/**
 * The whole page that stands where the redirect would have led; it loads nothing and tells nobody where it came from.
 * Its parts are HTML.
 */
export function landingPage(title: string, text: string, script = '', head = ''): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="referrer" content="no-referrer">${head}
<title>${title}</title><style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { display: grid; place-content: center; min-height: 90vh; margin: 0; text-align: center; }
main { max-width: 40rem; padding: 0 1.5rem; overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; margin: 0; }
p { white-space: pre-line; }
</style></head><body><main><h1>${title}</h1><p>${text}</p></main>${script}</body></html>`;
}

/** What the person reads when the consent screens are through. */
export function signedInPage(after: AfterConsent): string {
  const title = 'Signed in';
  if (after.kind === 'standard') {
    return landingPage(title, 'You can close this tab and go back to Grantwright.');
  }
  if (after.kind === 'message') return landingPage(title, escaped(after.text));
  const url = escaped(new URL(after.url).href);
  // Not by an HTTP redirect, to which a browser adds the fragment of the address that it comes from.
  const refresh = `<meta http-equiv="refresh" content="0;url=${url}">`;
  return landingPage(title, `Going on to <a href="${url}">${url}</a>`, '', refresh);
}

/** What the person reads when the server sent back with its refusal (RFC 6749 section 4.1.2.1). */
export function refusedPage(error: string): string {
  const words = `The server sent back with the error ${escaped(error.slice(0, 100))}. Grantwright shows what can be done.`;
  return landingPage('Not signed in', words);
}

/** What somebody reads who comes when the flow is over. */
export const latePage = landingPage(
  'This sign-in is over',
  'It was cancelled, or its time ran out. You can close this tab; to sign in, get the access token again in Grantwright.',
);

/** What somebody reads whose answer has the state of another flow. */
export const otherFlowPage = landingPage(
  'This answer belongs to another sign-in',
  'It was not used. You can close this tab; the sign-in that Grantwright waits for is in another one.',
);
