import type { ServerResponse } from 'node:http';
import { type SeenRequest, sendJson } from '../../fixtures/web-server.ts';
import { fail } from './marked-endpoints.ts';
import type { ServerState } from './marked-server.ts';

export type Approvals = Record<
  '/device' | '/backchannel',
  (request: SeenRequest, response: ServerResponse) => void
>;

/** The endpoints at which an approval on another device begins; their answers fail as those of the token endpoint do. */
export function approvals(state: ServerState): Approvals {
  const begin =
    (parts: () => Record<string, unknown>) =>
    (request: SeenRequest, response: ServerResponse): void => {
      const answer = state.answers.approval;
      const [said, echo] = [{ ...parts(), expires_in: 3, interval: 1 }, state.echo(request)];
      if (answer === 'well') return void sendJson(response, said);
      if (answer === 'echoing') return void sendJson(response, { ...said, echo, [echo]: echo });
      if (answer === 'hangs' || answer === 'bad_id_token') return;
      fail(response, answer, echo, said);
    };
  return {
    '/device': begin(() => ({
      ...{ device_code: state.fresh('device'), user_code: 'WDJB-MJHT' },
      verification_uri: `${state.url()}/device-page`,
    })),
    '/backchannel': begin(() => ({ auth_req_id: state.fresh('request') })),
  };
}
