import type { OpenGateway } from '../../network/gateway.ts';
import type { ResolvedNetwork } from '../../network/resolved-network.ts';
import type { ConsentBrowser } from './consent-browser.ts';
import { isPageError } from './open-address.ts';

/**
 * A consent browser that reaches servers as a network says; the person's own has its own way to them. `start` rejects
 * with why the network did not get there, where that is known.
 */
export function throughNetwork(
  browser: ConsentBrowser,
  network: ResolvedNetwork,
  openGateway: OpenGateway,
): ConsentBrowser {
  if (browser.kind === 'system') return browser;
  return {
    ...browser,
    async open(options) {
      // Chromium can be told of one key alone that it is to take; Electron asks each time.
      const gateway = await openGateway(network, browser.kind === 'electron-window');
      try {
        const session = await browser.open({ ...options, reach: { verifyTls: network.verifyTls, gateway } });
        return {
          ...session,
          start: (url, state) => {
            const before = gateway?.failure();
            return session.start(url, state).catch((thrown: unknown) => {
              const failure = gateway?.failure();
              // One from before says nothing of this page. It may be of another host: one that the server sent on to.
              throw failure && failure !== before && isPageError(thrown) ? failure : thrown;
            });
          },
          close: () => session.close().finally(() => gateway?.close()),
        };
      } catch (thrown) {
        await gateway?.close();
        throw thrown;
      }
    },
  };
}
