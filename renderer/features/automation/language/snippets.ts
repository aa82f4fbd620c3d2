/** A piece of a script for a common login page. `template`: fields as `\${name}`, in CodeMirror's way. */
export interface ScriptSnippet {
  name: string;
  template: string;
}

const field = (text: string): string => `$${`{${text}}`}`;

const signIn = (
  where: string,
) => `await ${where}.getByLabel('${field('User name')}').fill(vars.${field('user')});
await ${where}.getByLabel('${field('Password')}').fill(vars.${field('password')});
await ${where}.getByRole('button', { name: '${field('Sign in')}' }).click();
`;

/** What the Snippets menu and the completion offer. */
export const scriptSnippets: readonly ScriptSnippet[] = [
  { name: 'Sign in with user and password', template: signIn('page') },
  {
    name: 'Two-step sign-in',
    template: `await page.getByLabel('${field('User name')}').fill(vars.${field('user')});
await page.getByRole('button', { name: '${field('Next')}' }).click();
// The second screen: fill waits until the field is there.
await page.getByLabel('${field('Password')}').fill(vars.${field('password')});
await page.getByRole('button', { name: '${field('Sign in')}' }).click();
`,
  },
  {
    name: 'One-time code (TOTP)',
    template: `await page.getByLabel('${field('Code')}').fill(await totp(vars.${field('totp_seed')}));
await page.getByRole('button', { name: '${field('Verify')}' }).click();
`,
  },
  {
    name: 'Consent page that may be skipped',
    template: `// When the server skips this page, the redirect comes and the script ends here.
await page.getByRole('button', { name: '${field('Allow')}' }).click();
`,
  },
  {
    name: 'Login in a frame',
    template: `const login = page.frameLocator('${field('iframe')}');
${signIn('login')}`,
  },
  {
    name: 'Login in a popup',
    template: `const popupPromise = page.waitForEvent('popup');
await page.getByRole('button', { name: '${field('Continue')}' }).click();
const popup = await popupPromise;
${signIn('popup')}`,
  },
];
