const readIt = 'read with innerText, inputValue or getAttribute, or use a page script';
const locate = 'use locator(…), or a finder such as getByRole or getByLabel';
const events = "wait for a popup with waitForEvent('popup'), answer dialogs with page.once('dialog', …)";
const pageOnly = 'a script has one page, and the popups that it opens';
const noRoute = 'a script works the page as a person does, and leaves the network alone';
const noPicture = 'a test run takes its own pictures';
const noDownload = 'a consent flow neither uploads nor downloads files';

/**
 * Members of a page, a locator or a frame that people know from Playwright and scripts do not have, each with what to
 * write instead; it follows "…is not in Grantwright's script API: ".
 */
const members: Record<string, string> = {
  ...Object.fromEntries(
    ['evaluate', 'evaluateHandle', 'evaluateAll', '$eval', '$$eval', 'waitForFunction', 'content'].map(
      (name) => [name, readIt],
    ),
  ),
  ...Object.fromEntries(
    ['$', '$$', 'elementHandle', 'elementHandles', 'all', 'allInnerTexts'].map((name) => [name, locate]),
  ),
  ...Object.fromEntries(
    ['addInitScript', 'addScriptTag', 'addStyleTag', 'exposeFunction', 'exposeBinding', 'setContent'].map(
      (name) => [name, 'use a page script'],
    ),
  ),
  ...Object.fromEntries(
    ['route', 'unroute', 'waitForRequest', 'waitForResponse', 'setExtraHTTPHeaders', 'request'].map(
      (name) => [name, noRoute],
    ),
  ),
  context: pageOnly,
  frame: 'use frameLocator(…)',
  frames: 'use frameLocator(…)',
  mainFrame: 'use page itself',
  screenshot: noPicture,
  pdf: noPicture,
  pause: 'use a test run, which can be stepped through',
  setInputFiles: noDownload,
  waitForNavigation: 'use waitForURL(…)',
  type: 'use fill(…) or pressSequentially(…)',
  tap: 'use click()',
  dragTo: 'use click() and the keyboard',
  dragAndDrop: 'use click() and the keyboard',
  mouse: 'use click(), dblclick() or hover() of a locator',
  touchscreen: 'use click()',
  setDefaultTimeout: 'give a call its own { timeout }',
  setDefaultNavigationTimeout: 'give a call its own { timeout }',
  setViewportSize: 'the consent browser has its own size',
  goBack: 'use goto(…)',
  goForward: 'use goto(…)',
  addListener: events,
  off: "use once('dialog', …)",
  removeListener: "use once('dialog', …)",
  describe: 'write its tests one after another, without it',
  use: 'settings belong to the profile',
  beforeEach: 'write it at the beginning of the test',
  afterEach: 'write it at the end of the test',
  skip: 'leave the test out',
  only: 'leave the other tests out',
};

const library =
  "paste what Playwright's recorder writes for the target “Playwright Test”, or only the lines that begin with page: " +
  'the page is there already';

/** The same of globals, and of the fixtures of a test. */
const globals: Record<string, string> = {
  require: `nothing can be loaded; ${library}`,
  chromium: library,
  firefox: library,
  webkit: library,
  playwright: library,
  browser: pageOnly,
  context: pageOnly,
  browserName: pageOnly,
  request: noRoute,
  fetch: noRoute,
  XMLHttpRequest: noRoute,
  setTimeout: 'use page.waitForTimeout(…), or better a wait for what is to appear',
  setInterval: 'use page.waitForTimeout(…), or better a wait for what is to appear',
  process: 'values come from vars',
  Buffer: 'values come from vars',
  document: 'use page, or a page script',
  window: 'use page, or a page script',
  localStorage: 'use page, or a page script',
  alert: 'use log(…)',
};

/** Names of modules, by their beginning. */
const modules: Record<string, string> = {
  playwright: library,
  'playwright-core': library,
  '@playwright/test': "only { test, expect } come from '@playwright/test'",
  otpauth: 'use totp(seed)',
  otplib: 'use totp(seed)',
};

export const alternatives = { members, globals, modules };

const lookUp = (table: Record<string, string>, name: string): string =>
  Object.hasOwn(table, name) ? `: ${table[name]}` : '';

/** `page.evaluate is not in Grantwright's script API: …`; `path` ends in the member's name. */
export function memberOutside(path: string, member: string): string {
  return `${path} is not in Grantwright's script API${lookUp(members, member)}.`;
}

/** What the sandbox says of an unknown global or module, with what to write instead; null: it is about neither. */
export function outsideInWords(message: string): string | null {
  const global = /^'?(\w+)'? is not defined/.exec(message)?.[1];
  if (global !== undefined && Object.hasOwn(globals, global)) {
    return `${global} is not in Grantwright's script API${lookUp(globals, global)}.`;
  }
  const module = /^could not load module '?([^']*)'?/i.exec(message)?.[1];
  if (module !== undefined) {
    return `import of '${module}' is not in Grantwright's script API${lookUp(modules, module) || ': nothing but { test, expect } of @playwright/test can be imported'}.`;
  }
  if (/^Could not find export '.*' in module '@playwright\/test'/.test(message)) {
    return `${message.split(' in module')[0]}: only { test, expect } come from '@playwright/test'; the page is there already.`;
  }
  return null;
}
