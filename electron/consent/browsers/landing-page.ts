/** The whole page that stands where the redirect would have led; it loads nothing and tells nobody where it came from. */
export function landingPage(title: string, text: string, script = ''): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="referrer" content="no-referrer">
<title>${title}</title><style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { display: grid; place-content: center; min-height: 90vh; margin: 0; text-align: center; }
h1 { font-size: 1.4rem; margin: 0; }
</style></head><body><main><h1>${title}</h1><p>${text}</p></main>${script}</body></html>`;
}

/** What the person reads when the consent screens are through. */
export const signedIn = landingPage('Signed in', 'You can close this tab and go back to Grantwright.');
