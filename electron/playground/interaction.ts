import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider } from 'oidc-provider';
import { z } from 'zod';
import type { PlaygroundUser } from '../../shared/model/playground.ts';
import { methodRefusal, Refusal, sendOn, sendPage } from './http-answers.ts';
import { readForm } from './http-bodies.ts';
import { consentPage, loginPage } from './pages.ts';
import { clients, scopes, users } from './residents.ts';

interface Visit {
  provider: Provider;
  req: IncomingMessage;
  res: ServerResponse;
  clientId: string;
  clientName: string;
  /** The scopes asked for that the playground knows. */
  scopes: readonly string[];
  loginHint: string;
}

const paramsSchema = z.object({
  client_id: z.string(),
  scope: z.string().default(''),
  login_hint: z.string().default(''),
});

async function interactionOf(provider: Provider, req: IncomingMessage, res: ServerResponse, uid: string) {
  try {
    const interaction = await provider.interactionDetails(req, res);
    if (interaction.uid === uid) return interaction;
  } catch (error) {
    if (!(error instanceof Error && error.name === 'SessionNotFound')) throw error;
  }
  throw new Refusal(
    400,
    'interaction_not_found',
    'This sign-in is over, or was started in another browser. Go back and start again.',
  );
}

async function login({ provider, req, res, ...visit }: Visit, uid: string): Promise<void> {
  if (req.method !== 'POST') {
    return sendPage(res, 200, loginPage({ ...visit, username: visit.loginHint, wrong: false }));
  }
  const form = await readForm(req);
  const username = form.get('username') ?? '';
  const user = users.find((each) => each.username === username && each.password === form.get('password'));
  if (user === undefined) return sendPage(res, 200, loginPage({ ...visit, username, wrong: true }));
  await provider.interactionResult(req, res, { login: { accountId: user.username } });
  sendOn(res, `/interaction/${uid}`);
}

async function consent({ provider, req, res, ...visit }: Visit, user: PlaygroundUser): Promise<void> {
  const decision = req.method === 'POST' ? (await readForm(req)).get('decision') : null;
  if (decision === 'deny') {
    return provider.interactionFinished(req, res, {
      error: 'access_denied',
      error_description: `${user.name} denied the access.`,
    });
  }
  if (decision !== 'allow') return sendPage(res, 200, consentPage({ ...visit, user }));
  const grant = new provider.Grant({ accountId: user.username, clientId: visit.clientId });
  grant.addOIDCScope(visit.scopes.join(' '));
  const grantId = await grant.save();
  await provider.interactionFinished(req, res, {
    login: { accountId: user.username },
    consent: { grantId },
  });
}

/**
 * Answers `/interaction/<uid>`: the login page, then the consent page, each at the same address. Who has signed in is
 * remembered with this one flow, not with the browser.
 */
export async function answerInteraction(
  provider: Provider,
  req: IncomingMessage,
  res: ServerResponse,
  uid: string,
): Promise<void> {
  if (!['GET', 'HEAD', 'POST'].includes(req.method ?? '')) throw methodRefusal('GET, HEAD, POST');
  const interaction = await interactionOf(provider, req, res, uid);
  const params = paramsSchema.parse(interaction.params);
  const asked = params.scope.split(' ').filter((scope) => Object.hasOwn(scopes, scope));
  if (asked.length === 0) {
    return provider.interactionFinished(req, res, {
      error: 'invalid_scope',
      error_description: `Ask for at least one of these scopes: ${Object.keys(scopes).join(' ')}`,
    });
  }
  const visit: Visit = {
    provider,
    req,
    res,
    clientId: params.client_id,
    clientName: clients.find((client) => client.client_id === params.client_id)?.client_name ?? '',
    scopes: asked,
    loginHint: params.login_hint,
  };
  const user = users.find(({ username }) => username === interaction.result?.login?.accountId);
  await (user === undefined ? login(visit, uid) : consent(visit, user));
}
