import type { ErrorCode } from '../../shared/errors.ts';

/** Whether a failed request can have reached the server: a retry of one that may have is not free of risk. */
export type Delivery = 'not_sent' | 'unknown';

/** One kind of failed request, and how to say it. */
export interface WireFailure {
  code: ErrorCode;
  message: (host: string) => string;
  action: string;
  delivery: Delivery;
}

const checkNetwork =
  'Check that the server is running and reachable from here (network, VPN, proxy), then try again.';
const trustAction =
  'Have the server present a certificate of a public CA. On the command line and as web host, Grantwright can also be started with the CA in NODE_EXTRA_CA_CERTS.';

function unreachable(what: (host: string) => string, delivery: Delivery, action = checkNetwork): WireFailure {
  return { code: 'server_unreachable', message: what, action, delivery };
}

function badCertificate(problem: string, action = trustAction): WireFailure {
  return {
    code: 'tls_error',
    message: (host) => `The certificate of ${host} is not accepted: ${problem}.`,
    action,
    delivery: 'not_sent',
  };
}

function timedOut(delivery: Delivery): WireFailure {
  return {
    code: 'request_timeout',
    message: (host) => `${host} did not answer in time.`,
    action: 'Try again. If it stays slow, look at the server.',
    delivery,
  };
}

function badUrl(message: (host: string) => string): WireFailure {
  return { code: 'url_invalid', message, action: 'Correct the URL.', delivery: 'not_sent' };
}

const notFound = unreachable(
  (host) => `The host ${host} was not found.`,
  'not_sent',
  'Check the spelling of the host, and that this machine can look it up (network, VPN, DNS).',
);
const noRoute = unreachable((host) => `There is no network route to ${host}.`, 'not_sent');
const closed = unreachable(
  (host) => `${host} closed the connection before its answer was complete.`,
  'unknown',
);
const tooLarge = unreachable(
  (host) => `${host} answered with more data than is accepted.`,
  'unknown',
  'Check that the URL is the right one.',
);
const notHttp = unreachable(
  (host) => `${host} answered, but not in valid HTTP.`,
  'unknown',
  'Check the host and port of the URL: something else than a web server may listen there.',
);
const selfSigned = badCertificate('it is self-signed, or signed by a CA that is not known here');
const unknownAuthority = badCertificate('it was issued by a CA that is not known here');
const cancelled: WireFailure = {
  code: 'cancelled',
  message: (host) => `The request to ${host} was cancelled.`,
  action: 'Start it again when you want it.',
  delivery: 'unknown',
};

/** Every cause told apart, by the `code` of Node.js and undici, or by the name of an abort's reason. */
const byCode: Record<string, WireFailure> = {
  ENOTFOUND: notFound,
  ECONNREFUSED: unreachable((host) => `Nothing answers at ${host}: the connection was refused.`, 'not_sent'),
  EHOSTUNREACH: noRoute,
  ENETUNREACH: noRoute,
  ENETDOWN: noRoute,
  EADDRNOTAVAIL: noRoute,
  ECONNRESET: closed,
  ECONNABORTED: closed,
  EPIPE: closed,
  UND_ERR_SOCKET: closed,
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: closed,
  UND_ERR_RES_EXCEEDED_MAX_SIZE: tooLarge,
  UND_ERR_CONNECT_TIMEOUT: timedOut('not_sent'),
  UND_ERR_HEADERS_TIMEOUT: timedOut('unknown'),
  UND_ERR_BODY_TIMEOUT: timedOut('unknown'),
  ETIMEDOUT: timedOut('unknown'),
  TimeoutError: timedOut('unknown'),
  AbortError: cancelled,
  UND_ERR_ABORTED: cancelled,
  DEPTH_ZERO_SELF_SIGNED_CERT: selfSigned,
  SELF_SIGNED_CERT_IN_CHAIN: selfSigned,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownAuthority,
  CERT_HAS_EXPIRED: badCertificate(
    'it has expired',
    'Have the certificate of the server renewed; check the clock of this machine too.',
  ),
  CERT_NOT_YET_VALID: badCertificate(
    'it is not valid yet',
    'Check the clocks of this machine and of the server.',
  ),
  CERT_REVOKED: badCertificate('it has been revoked', 'Have the certificate of the server replaced.'),
  ERR_TLS_CERT_ALTNAME_INVALID: badCertificate(
    'it was issued for another host name',
    'Use the host name that stands in the certificate, or have one issued for this host.',
  ),
  ERR_INVALID_URL: badUrl(() => 'The URL is not valid.'),
  HTTPParserError: notHttp,
};

const noTls: WireFailure = {
  code: 'tls_error',
  message: (host) => `No secure connection to ${host} could be made: it does not speak TLS as expected.`,
  action: 'Check that the URL should begin with https, and its port.',
  delivery: 'not_sent',
};
/** A failure whose cause says nothing that is known here. */
export const unexplained = unreachable((host) => `The connection to ${host} failed.`, 'unknown');

/** What one error of a chain of causes says; undefined when it says nothing that is known here. */
export function wireFailureOf(error: Error): WireFailure | undefined {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (Object.hasOwn(byCode, code)) return byCode[code];
  if (code === 'EPROTO' || /^ERR_(?:SSL|TLS)_/.test(code)) return noTls;
  if (/^(?:CERT|CRL)_/.test(code)) return badCertificate(code.toLowerCase().replaceAll('_', ' '));
  if (code.startsWith('EAI_')) return notFound;
  if (code.startsWith('HPE_')) return notHttp;
  // The two refusals of fetch itself, which carry no code.
  if (error.message === 'unknown scheme')
    return badUrl(() => 'The URL does not begin with https:// or http://.');
  if (error.message === 'bad port')
    return badUrl((host) => `The port of ${host} is reserved for another protocol.`);
  return Object.hasOwn(byCode, error.name) ? byCode[error.name] : undefined;
}
