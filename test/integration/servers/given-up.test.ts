import type { ServerResponse } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { statusOf } from '../../fixtures/engine.ts';
import { openServerProject, profile } from '../../fixtures/server-project.ts';
import { until } from '../../fixtures/until.ts';
import { sendJson, startWebServer } from '../../fixtures/web-server.ts';

test('a pasted refresh token whose request is given up on the wire is not lost: what it brought is kept', async () => {
  let good = 'pasted';
  let held: (() => void) | null = null;
  const hold = { on: true };
  const server = await startWebServer(({ form }, response: ServerResponse) => {
    if (form.get('refresh_token') !== good) return sendJson(response, { error: 'invalid_grant' }, 400);
    // It rotates at once, and answers when it is let.
    good = `next-of-${good}`;
    const answer = {
      access_token: `for-${good}`,
      token_type: 'Bearer',
      expires_in: 600,
      refresh_token: good,
    };
    const send = () => sendJson(response, answer);
    if (!hold.on) return send();
    held = send;
  });
  onTestFinished(() => server.close());
  const { engine } = await openServerProject(
    {
      grant: { kind: 'refresh_token', refreshToken: '{{refresh}}' },
      server: { tokenUrl: `${server.url}/token` },
      client: { kind: 'none', id: 'orders-app' },
    },
    { secrets: { refresh: 'pasted' } },
  );
  const getting = engine.call('tokens.get', { profile });
  await until(() => held !== null);
  await engine.call('tokens.cancel', { profile });
  await expect(getting).rejects.toMatchObject({ code: 'consent_cancelled' });
  hold.on = false;
  (held as (() => void) | null)?.();
  await until(async () => {
    const { access, activity } = await statusOf(engine, profile);
    return access.kind === 'held' && activity.kind === 'idle';
  });
  await engine.call('tokens.refresh', { profile });
  const { accessToken } = await engine.call('tokens.reveal', { profile });
  expect(accessToken).toBe('for-next-of-next-of-pasted');
});
