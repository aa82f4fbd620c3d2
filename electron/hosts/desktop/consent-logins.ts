import type { BrowserWindow } from 'electron';
import type { Challenges } from '../../consent/browsers/challenges.ts';
import type { ConsentSessionOptions } from '../../consent/browsers/consent-browser.ts';
import { askForLogin } from './login-prompt.ts';

/**
 * Answers the pages of a consent window which ask for a user name and a password with HTTP
 * authentication. `frameOf`: whether an address is that of a page or of a frame within one; what else a page loads gets no
 * credentials. Of proxies the flow's own gateway is told its password; for one of the system's the person is asked.
 */
export function answerLogins(
  window: BrowserWindow,
  challenges: Challenges,
  frameOf: (url: string) => 'main' | 'sub' | null,
  options: Pick<ConsentSessionOptions, 'reach' | 'worker'>,
): void {
  const { webContents } = window;
  const gateway = options.reach?.gateway ?? null;
  webContents.on('login', (event, { url }, { isProxy, realm, host, port }, answer) => {
    event.preventDefault();
    if (isProxy) {
      if (gateway !== null)
        return `${host}:${port}` === gateway.address
          ? answer(gateway.login.username, gateway.login.password.reveal())
          : answer();
      if (options.worker === 'script') return answer();
      return void askForLogin(window, { origin: `http://${host}:${port}`, realm }, 'proxy').then(
        (login) => (login === null ? answer() : answer(login.username, login.password)),
        () => answer(),
      );
    }
    const frame = frameOf(url);
    if (frame === null) return answer();
    const challenge = { origin: new URL(url).origin, realm, mainFrame: frame === 'main' };
    const given = async (): Promise<{ username: string; password: string } | null> => {
      const answered = await challenges.answer(challenge);
      if (answered.kind === 'none') return null;
      if (answered.kind === 'prompt') return askForLogin(window, challenge);
      const { username, password } = answered.credentials;
      return { username, password: password.reveal() };
    };
    given().then(
      (login) => (login === null ? answer() : answer(login.username, login.password)),
      // The window is gone, and its request with it.
      () => answer(),
    );
  });
}
