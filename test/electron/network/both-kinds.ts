import type { ResolvedNetwork } from '../../../electron/network/resolved-network.ts';
import { createOAuthFetch } from '../../../electron/oauth/fetch.ts';
import { createSender } from '../../../electron/requests/send.ts';
import { startConnections } from '../../fixtures/connections.ts';

/** The same URL by a request of the protocol, and by an API request: status and HTTP's words, or the error. */
export const kinds = {
  'a token request': async (network: ResolvedNetwork, url: string, env: NodeJS.ProcessEnv = {}) => {
    const send = createOAuthFetch({ network, connections: startConnections({ env }) });
    const response = await send(url, { method: 'POST', headers: {}, body: 'grant_type=x' });
    return { status: response.status, body: await response.text() };
  },
  'an API request': async (network: ResolvedNetwork, url: string, env: NodeJS.ProcessEnv = {}) => {
    const sender = createSender({ now: () => performance.now(), connections: startConnections({ env }) });
    const request = { method: 'POST' as const, url, headers: [{ name: 'x-a', value: 'b' }], body: 'order=1' };
    const { response } = await sender.send(request, network, new AbortController().signal);
    return { status: response.status, body: response.body.kind === 'text' ? response.body.text : '' };
  },
};
export type Send = (typeof kinds)['a token request'];
