import type { BrowserWindow, Session } from 'electron';
import type { ConsentSessionOptions } from '../../consent/browsers/consent-browser.ts';
import { askForCertificate } from './certificate-prompt.ts';

/** Has a partition get to servers as its flow says, before it goes anywhere. */
export async function reachServers(
  partition: Session,
  { reach }: Pick<ConsentSessionOptions, 'reach'>,
): Promise<void> {
  if (reach === undefined) return;
  const { gateway, verifyTls } = reach;
  if (gateway !== null) {
    await partition.setProxy({ proxyRules: gateway.address, proxyBypassRules: '<-loopback>' });
  }
  if (gateway === null && verifyTls) return;
  partition.setCertificateVerifyProc(({ hostname, certificate }, decide) => {
    const fingerprint = certificate.fingerprint.replace(/^sha256\//, '');
    // 0: it is accepted; -3: as Chromium itself finds.
    decide(!verifyTls || gateway?.accepts(hostname, fingerprint) ? 0 : -3);
  });
}

/**
 * Which of the system's certificates a server is shown that asks for one, where the project has none for its host: a
 * person chooses, and with nobody there it is none, since Electron by itself shows the first that it finds.
 */
export function chooseCertificates(
  window: BrowserWindow,
  { worker }: Pick<ConsentSessionOptions, 'worker'>,
): void {
  window.webContents.on('select-client-certificate', (event, url, certificates, answer) => {
    event.preventDefault();
    // Without a certificate the server is shown none, which the types do not know.
    const none = answer as () => void;
    if (worker === 'script' || certificates.length === 0) return none();
    askForCertificate(window, url, certificates).then(
      (chosen) => (chosen === null ? none() : answer(chosen)),
      // The window is gone, and its request with it.
      () => none(),
    );
  });
}
