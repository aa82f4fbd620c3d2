import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { z } from 'zod';
import { createChromiumBrowser } from '../../../electron/consent/browsers/chromium.ts';
import type { ConsentBrowser } from '../../../electron/consent/browsers/consent-browser.ts';
import { chromiumCandidates } from '../../../electron/consent/browsers/find-chromium.ts';
import type { PersonaValue, profileSchema } from '../../../shared/model/profile.ts';
import { startEngine, type TestEngine } from '../../fixtures/engine.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';
import { until } from '../../fixtures/until.ts';

/** The id of the one profile. */
export const profile = 'orders';

// The bundled Chromium draws no window, but takes the same way as one that does.
const chromium = createChromiumBrowser({
  headedPossible: () => true,
  candidates: () => chromiumCandidates().map((one) => ({ ...one, headedPossible: true })),
});

/** Ends the Chromium that the recordings of a test file share. */
export const endRecordings = (): Promise<void> => chromium.dispose();

export interface Recorder {
  engine: TestEngine;
  /** Begins to record and lets a person work the page that opens; gives the script. */
  record(
    person: (page: Page) => Promise<void>,
  ): Promise<{ source: string; missing: { name: string }[]; hosts: string[] }>;
  /** The page of the next consent that a person sees. */
  nextPage(): Promise<Page>;
  /** Saves the script, gets a token with it and nobody there, and gives the token's state. */
  replay(source: string): Promise<string>;
  setValues(values: PersonaValue[], scriptHosts?: string[]): Promise<void>;
  /** Waits until somebody is asked whether a script may type on another host, and says no. */
  refuseHost(): Promise<void>;
}

type Settings = Pick<z.input<typeof profileSchema>, 'server' | 'client' | 'grant' | 'scope'>;

/** Plain values of a persona. */
export function plain(values: Record<string, string>): PersonaValue[] {
  return Object.entries(values).map(([name, value]) => ({ name, kind: 'plain', value }));
}

/** The settings of a profile at a server of `startCodeServer`. */
export function atCodeServer(url: string): Settings {
  return {
    server: { authorizationUrl: `${url}/authorize`, tokenUrl: `${url}/token` },
    client: { kind: 'none', id: 'orders' },
    grant: { kind: 'authorization_code', redirectUri: 'http://127.0.0.1:9/callback' },
  };
}

/** An engine with one profile, whose consent pages a person can be given. */
export async function startRecorder(settings: Settings, values: PersonaValue[] = []): Promise<Recorder> {
  const waiting: ((page: Page) => void)[] = [];
  const browser: ConsentBrowser = {
    ...chromium,
    async open(options) {
      const session = await chromium.open(options);
      if (options.visible && session.page !== null) waiting.shift()?.(session.page);
      return session;
    },
    dispose: async () => undefined,
  };
  const engine = await startEngine({
    folder: await temporaryFolder(),
    consentBrowsers: [browser],
    personPresent: () => true,
  });
  await engine.call('project.create', { folder: join(engine.projectsFolder, 'orders'), name: 'Orders' });
  await engine.call('profiles.create', { name: 'Orders' });
  const nextPage = () => new Promise<Page>((resolve) => waiting.push(resolve));
  async function setValues(next: PersonaValue[], scriptHosts: string[] = []): Promise<void> {
    const personas = [{ name: 'tester', values: next }];
    const saved = { name: 'Orders', ...settings, personas, scriptHosts };
    await engine.call('profiles.save', { id: profile, profile: saved });
  }
  await setValues(values);
  async function refuseHost(): Promise<void> {
    const asked = () => {
      const event = engine.events.findLast(({ kind }) => kind === 'token_status');
      const activity = event?.kind === 'token_status' ? event.status.activity : undefined;
      return activity?.kind === 'consent' ? activity.question : null;
    };
    await until(() => asked() !== null);
    await engine.call('tokens.answerHost', { id: asked()?.id ?? '', allow: false });
  }
  return {
    engine,
    nextPage,
    refuseHost,
    setValues,
    async record(person) {
      const page = nextPage();
      const work = engine.call('scripts.record', { profile });
      const acting = page.then(person);
      // The window closes as soon as the login is through, whatever the person is doing.
      acting.catch(() => undefined);
      const recorded = await Promise.race([work, acting.then(() => work)]);
      return recorded;
    },
    async replay(source) {
      await engine.call('scripts.save', { profile, source });
      return (await engine.call('tokens.get', { profile })).access.kind;
    },
  };
}
