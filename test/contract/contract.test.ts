import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callNames, calls } from '../../shared/contract/calls.ts';
import { engineEventSchema } from '../../shared/contract/events.ts';
import { replySchema } from '../../shared/contract/router.ts';
import { tokenStatusSchema } from '../../shared/model/token.ts';
import { foreignProfile, startConsentServer, writeForeignProject } from '../fixtures/foreign-project.ts';
import { hosts, type RunningHost } from '../fixtures/hosts.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { twoHostLogin, writeTwoHostProject } from '../fixtures/two-host-login.ts';
import { untilPasses } from '../fixtures/until.ts';

describe.each(hosts)('the contract over $title', ({ missing, start }) => {
  describe.skipIf(missing)('', () => {
    let host: RunningHost;
    beforeAll(async () => {
      host = await start({ env: { GRANTWRIGHT_VAULT_KEY: 'a key for the contract tests' } });
    });
    afterAll(() => host?.close());

    it.each(callNames)('%s refuses parameters that are not declared', async (name) => {
      const reply = replySchema.parse(await host.raw(name, { unknown: 1 }));
      expect(reply).toMatchObject({
        kind: 'error',
        error: { code: 'call_invalid', details: { call: name } },
      });
    });

    it('names the path of a parameter that is wrong', async () => {
      const wrong = host.client('settings.setTheme', { theme: 'purple' as 'dark' });
      await expect(wrong).rejects.toMatchObject({
        code: 'call_invalid',
        message: expect.stringContaining('theme'),
      });
    });

    it('answers every call that takes no parameters with a declared result or a coded error', async () => {
      const plain = callNames.filter(
        (name) => calls[name].params.safeParse({}).success && name !== 'project.chooseFolder',
      );
      expect(plain.length).toBeGreaterThan(8);
      for (const name of plain) {
        const reply = replySchema.parse(await host.raw(name, {}));
        if (reply.kind === 'result')
          expect(calls[name].result.safeParse(reply.value).success, name).toBe(true);
        else expect(reply.error.code, name).not.toBe('internal');
      }
    });

    it('gives an error with its code, its words and what to do', async () => {
      const folder = `${host.folder}/nowhere`;
      await expect(host.client('project.open', { folder })).rejects.toMatchObject({
        code: 'project_not_found',
        message: expect.stringContaining('nowhere'),
        action: expect.any(String),
      });
    });

    it('keeps settings', async () => {
      await host.client('settings.setTheme', { theme: 'dark' });
      expect(await host.client('settings.read', {})).toMatchObject({ theme: 'dark' });
      await host.client('settings.setTheme', { theme: 'system' });
    });

    it('gets a token unattended and sends with it, and shows the renderer nothing that could be used', async () => {
      await host.client('project.openSample', {});
      const status = await host.client('tokens.get', { profile: 'orders-api' });
      expect(status).toMatchObject({
        access: { kind: 'held', stale: false },
        refresh: { kind: 'usable' },
        failure: null,
      });
      const state = await host.client('project.current', {});
      const request =
        state.kind === 'open'
          ? state.project.requests.find(({ id }) => id === 'orders/list')?.request
          : undefined;
      if (request === undefined) throw new Error('the sample has no orders/list');
      const exchange = await host.client('requests.send', { id: 'orders/list', request });
      expect(exchange).toMatchObject({
        outcome: { kind: 'response', response: { status: 200 } },
        tokenUse: { kind: 'valid' },
      });

      const { accessToken } = await host.client('tokens.reveal', { profile: 'orders-api' });
      const events = await host.client('tokens.events', {});
      expect(events.events.map(({ kind }) => kind)).toContain('revealed');
      expect(
        JSON.stringify([status, exchange, events, await host.client('tokens.statuses', {})]),
      ).not.toContain(accessToken);
    });

    it('runs no script of a project that came from elsewhere before it is trusted', async () => {
      const folder = await temporaryFolder();
      const server = await startConsentServer();
      await writeForeignProject(folder, server);
      expect(await host.client('project.open', { folder })).toMatchObject({ kind: 'open', trusted: false });
      const { scripts } = await host.client('scripts.review', {});
      expect(scripts).toMatchObject([{ profile: foreignProfile, hosts: [new URL(server.url).host] }]);
      // Somebody is here, so that consent is theirs: the engine waits, and no script signs in.
      const got = host.client('tokens.get', { profile: foreignProfile }).catch((thrown: unknown) => thrown);
      await untilPasses(async () => {
        const { statuses } = await host.client('tokens.statuses', {});
        expect(statuses[0]?.activity).toMatchObject({ kind: 'consent', attended: true });
      });
      await host.client('tokens.cancel', { profile: foreignProfile });
      expect(await got).toMatchObject({ code: 'consent_cancelled' });
      expect(server.requests.map(({ path }) => path)).not.toContain('/token');

      const other = host.client('project.trust', { folder: `${folder}/other` });
      await expect(other).rejects.toMatchObject({ code: 'project_not_open' });
      expect(await host.client('project.trust', { folder })).toMatchObject({ trusted: true });
      expect(await host.client('tokens.get', { profile: foreignProfile })).toMatchObject({ failure: null });
      expect(await host.client('project.distrust', { folder })).toMatchObject({ trusted: false });
      expect(await host.client('project.openSample', {})).toMatchObject({ trusted: true });
    });

    it('asks its windows whether a script may type on another host, and hears the answer', async () => {
      const folder = await temporaryFolder();
      const login = await twoHostLogin();
      await writeTwoHostProject(folder, login);
      await host.client('project.open', { folder, trust: true });
      const got = host.client('tokens.get', { profile: foreignProfile });
      const question = await untilPasses(async () => {
        const { statuses } = await host.client('tokens.statuses', {});
        const { activity } = tokenStatusSchema.parse(statuses[0]);
        expect(activity).toMatchObject({ question: { origin: `http://${login.other}` } });
        return activity.kind === 'consent' ? activity.question : null;
      });
      const answer = { id: question?.id ?? '', allow: true };
      expect(await host.client('tokens.answerHost', answer)).toEqual({});
      expect(await got).toMatchObject({ access: { kind: 'held' } });
      expect(login.typed()).toEqual(['alice']);
      await expect(host.client('tokens.answerHost', answer)).rejects.toMatchObject({ code: 'question_over' });
      expect(await host.client('project.openSample', {})).toMatchObject({ trusted: true });
    });

    it('tells the window of what happens, as declared', async () => {
      const seen = await collectEvents(host, async () => {
        await host.client('tokens.refresh', { profile: 'orders-api' });
      });
      const kinds = seen.map((event) => engineEventSchema.parse(event).kind);
      expect(kinds).toEqual(expect.arrayContaining(['token_status', 'token_event']));
    });
  });
});

/** What reaches a listener in the window's own page while the work is done, until a token event has come. */
async function collectEvents(host: RunningHost, work: () => Promise<void>): Promise<unknown[]> {
  await host.page.evaluate((url) => {
    const page = window as unknown as {
      seen: unknown[];
      grantwright?: { onEvent(listener: (event: unknown) => void): void };
    };
    page.seen = [];
    if (page.grantwright !== undefined) {
      page.grantwright.onEvent((event) => page.seen.push(event));
      return;
    }
    const { host, hash } = new URL(url);
    const socket = new WebSocket(`ws://${host}/api/events`, ['grantwright', hash.replace('#token=', '')]);
    socket.onmessage = (message) => page.seen.push(JSON.parse(String(message.data)));
    return new Promise((resolve) => {
      socket.onopen = () => resolve(undefined);
    });
  }, host.url);
  await work();
  await host.page.waitForFunction(() =>
    (window as unknown as { seen: { kind: string }[] }).seen.some((event) => event.kind === 'token_event'),
  );
  return host.page.evaluate(() => (window as unknown as { seen: unknown[] }).seen);
}
