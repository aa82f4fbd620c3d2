import type { ServerResponse } from 'node:http';
import { plainNetwork } from '../../../electron/network/resolved-network.ts';
import {
  createRequestService,
  type SendToken,
  type TokenOptions,
} from '../../../electron/requests/request-service.ts';
import { createSender } from '../../../electron/requests/send.ts';
import type { Placement } from '../../../shared/model/placement.ts';
import {
  type ApiRequest,
  exchangeSchema,
  type RequestAuth,
  requestSchema,
  type TokenUse,
} from '../../../shared/model/request.ts';
import { Secret } from '../../../shared/secret.ts';
import { startConnections } from '../../fixtures/connections.ts';
import type { Received } from './test-server.ts';

/** Auth by the profile whose tokens the test gives. */
export const orders: RequestAuth = { kind: 'profile', profile: 'orders', persona: null };
export const valid: TokenUse = { kind: 'valid', profile: 'orders', persona: 'default' };

/** Where a new profile's token goes. */
export const inHeader: Placement = { kind: 'header', name: 'Authorization', prefix: null };

/** A token for one request, with an event of its own. */
export function token(value: string, use: TokenUse = valid, tokenType = 'bearer'): SendToken {
  return {
    ...{
      accessToken: new Secret(value),
      idToken: null,
      dpopKey: null,
      tokenType,
      use,
      eventIds: [`got ${value}`],
    },
    ...{ placement: inHeader, placedToken: 'access_token' },
  };
}

/** What a test answers when it is asked for tokens. */
export interface Asked {
  /** Default: the Authorization header. */
  placement?: Placement;
  forSend: (options: TokenOptions) => Promise<SendToken>;
  after401?: (rejected: Secret, options: TokenOptions) => Promise<SendToken | null>;
}

/** The service over a real sender; tokens come from the test, which counts what is asked. */
export function service(source: Asked, values: Record<string, string | Secret> = {}) {
  const sender = createSender({ now: () => performance.now(), connections: startConnections() });
  const asked: string[] = [];
  let ids = 0;
  const requests = createRequestService({
    now: () => performance.now(),
    begin: () => ({
      lookup: async (name) => values[name],
      network: async () => plainNetwork,
      tokens: {
        placementOf: () => source.placement ?? inHeader,
        forSend: ({ profile }, options) => {
          asked.push(`forSend ${profile} for ${options.requestName}`);
          return source.forSend(options);
        },
        after401: async ({ profile }, rejected, options) => {
          asked.push(`after401 ${profile} ${rejected.reveal()}`);
          return source.after401?.(rejected, options) ?? null;
        },
      },
    }),
    sender,
    newId: () => `exchange-${++ids}`,
  });
  async function send(
    request: Partial<ApiRequest>,
    auth: RequestAuth = orders,
    signal = new AbortController().signal,
  ) {
    const whole = requestSchema.parse({ name: 'List', url: 'http://127.0.0.1', ...request });
    return exchangeSchema.parse(await requests.send({ id: 'orders/list', request: whole, auth }, signal));
  }
  return { send, asked };
}

/** Answers 200 to this token, 401 with the challenge to any other. */
export function accepts(value: string, challenge = 'Bearer realm="x", error="invalid_token"') {
  return ({ headers }: Received, response: ServerResponse) => {
    const good = headers.authorization === `Bearer ${value}`;
    response
      .writeHead(good ? 200 : 401, good ? {} : { 'www-authenticate': challenge })
      .end(good ? 'yes' : 'no');
  };
}

export const statusOf = (outcome: { kind: string; response?: { status: number } }) =>
  outcome.response?.status;
