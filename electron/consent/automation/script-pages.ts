import type { Dialog, Page } from 'playwright-core';
import { AppError } from '../../../shared/errors.ts';
import { Secret } from '../../../shared/secret.ts';
import type { Credentials } from '../browsers/challenges.ts';
import type { AllowedHosts } from './allowed-hosts.ts';
import { RefusedStep } from './refused-step.ts';

/** A dialog that a page shows (alert, confirm, prompt, beforeunload), as a script answers it. */
export interface OpenDialog {
  page: Page;
  accept(text?: string): Promise<void>;
  dismiss(): Promise<void>;
}

type Timing = { timeout?: number } | undefined;

/** What one run of a script has to do with: the page that it begins with, its popups, and the dialogs they show. */
export interface ScriptPages {
  readonly main: Page;
  readonly hosts: AllowedHosts;
  /** By the number that the sandbox was told. Throws `RefusedStep` for any other. */
  popup(id: number): Page;
  dialog(id: number): OpenDialog;
  /** Gives the number of the popup that opens next. */
  waitForPopup(page: Page, timing: Timing): Promise<{ popup: number }>;
  goTo(page: Page, url: string, options: Parameters<Page['goto']>[1]): Promise<void>;
  /** Who would be told what `authenticate` is given: the address that asks for a login now, else that of the page. */
  asking(page: Page): string;
  /** Answers a page that asks for a user name and a password before it shows itself (HTTP authentication). */
  authenticate(page: Page, login: { username: string; password: string }): void;
  /** Closes a popup. */
  close(page: Page): Promise<void>;
  /** Tells the sandbox of the dialogs of a page; without it Playwright dismisses them. */
  listen(page: Page): void;
  /** Takes a value that is to stand in no text from now on, and gives it back. */
  hide(name: string, value: string): string;
  /** Throws when a handler left a dialog unanswered; for a step that failed also when one is still open: it was in the way. */
  throwIfUnanswered(stepFailed?: boolean): void;
  /** Dismisses what is open and listens no more. */
  dispose(): void;
}

export interface ScriptPagesOptions {
  page: Page;
  hosts: AllowedHosts;
  /** Milliseconds for a handler to answer a dialog, and for the steps on a popup. */
  stepLimitMs: number;
  /** Hands an event over to the sandbox. */
  send: (event: Record<string, unknown>) => void;
  hide: (name: string, value: string) => void;
  /** Where the browser is told of user names and passwords that pages ask for; undefined: it is not. */
  logins?: ScriptLogins | undefined;
}

/** The browser's side of HTTP authentication. */
export interface ScriptLogins {
  /** Who asks now, as scheme, host and port; null: nobody. */
  origin(): string | null;
  give(credentials: Credentials): void;
}

function unanswered(dialog: Dialog, waitedMs: number): AppError {
  return new AppError(
    'script_step_failed',
    `The handler of page.on('dialog') did not answer the ${dialog.type()} dialog within ${Math.round(waitedMs / 100) / 10} s, so it was dismissed.`,
    { action: 'Call dialog.accept() or dialog.dismiss() in every case.' },
  );
}

/** Begins with one page. */
export function createScriptPages(options: ScriptPagesOptions): ScriptPages {
  const { page: main, hosts, stepLimitMs, send } = options;
  const pages: Page[] = [main];
  const dialogs = new Map<number, OpenDialog & { timer: NodeJS.Timeout; giveUp(): void }>();
  const listening = new Map<Page, (dialog: Dialog) => void>();
  let dialogCount = 0;
  let failure: AppError | null = null;

  function opened(page: Page, dialog: Dialog): void {
    const id = dialogCount++;
    const openedMs = performance.now();
    const done = (): void => {
      clearTimeout(dialogs.get(id)?.timer);
      dialogs.delete(id);
    };
    const giveUp = (): void => {
      failure ??= unanswered(dialog, performance.now() - openedMs);
      done();
      // It fails only when the page is gone, and the dialog with it.
      dialog.dismiss().catch(() => undefined);
    };
    dialogs.set(id, {
      page,
      timer: setTimeout(giveUp, stepLimitMs),
      giveUp,
      accept: (text) => dialog.accept(text).finally(done),
      dismiss: () => dialog.dismiss().finally(done),
    });
    send({
      dialog: id,
      page: pages.indexOf(page),
      type: dialog.type(),
      message: dialog.message().slice(0, 10_000),
      defaultValue: dialog.defaultValue().slice(0, 10_000),
    });
  }

  const asking = (page: Page): string => options.logins?.origin() ?? page.url();

  return {
    main,
    hosts,
    popup(id) {
      const page = id === 0 ? undefined : pages[id];
      if (page === undefined) throw new RefusedStep('The script names a popup that there is not.');
      return page;
    },
    dialog(id) {
      const dialog = dialogs.get(id);
      if (dialog === undefined) throw new RefusedStep('The dialog has been answered already.');
      // The answer is on its way, however long a test run holds it.
      clearTimeout(dialog.timer);
      return dialog;
    },
    async waitForPopup(page, timing) {
      const popup = await page.waitForEvent('popup', timing);
      popup.setDefaultTimeout(stepLimitMs);
      pages.push(popup);
      return { popup: pages.length - 1 };
    },
    async goTo(page, url, how) {
      hosts.wentByScript(page);
      await page.goto(url, how);
    },
    asking,
    authenticate(page, { username, password }) {
      const address = asking(page);
      // Somebody else may have begun to ask since that was looked at.
      if (!hosts.has(address)) throw new RefusedStep('Another host asks for the login by now.');
      options.hide('password', password);
      const { origin } = new URL(address);
      options.logins?.give({ origin, username, password: new Secret(password) });
    },
    async close(page) {
      if (page === main) {
        throw new RefusedStep('page.close closes only a popup: the flow ends with its page.');
      }
      await page.close();
    },
    listen(page) {
      if (listening.has(page)) return;
      const listener = (dialog: Dialog): void => opened(page, dialog);
      listening.set(page, listener);
      page.on('dialog', listener);
    },
    hide(name, value) {
      options.hide(name, value);
      return value;
    },
    throwIfUnanswered(stepFailed = false) {
      if (stepFailed) for (const dialog of [...dialogs.values()]) dialog.giveUp();
      if (failure === null) return;
      const told = failure;
      failure = null;
      throw told;
    },
    dispose() {
      for (const [page, listener] of listening) page.off('dialog', listener);
      for (const dialog of [...dialogs.values()]) dialog.giveUp();
    },
  };
}
