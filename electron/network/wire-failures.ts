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
  'Add the certificate of the CA to the trusted ones: Network in the menu of the project. For a test server, the profile can also leave certificates unchecked.';

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
  // HTTP/2: the stream or the session ended before its answer did.
  UND_ERR_INFO: closed,
  ERR_HTTP2_STREAM_ERROR: closed,
  ERR_HTTP2_SESSION_ERROR: closed,
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
const certificateRequired: WireFailure = {
  code: 'client_certificate_required',
  message: (host) => `${host} asks for a client certificate, and was shown none.`,
  action: 'Add one for this host: Network in the menu of the project.',
  delivery: 'not_sent',
};
const certificateRefused: WireFailure = {
  code: 'client_certificate_refused',
  message: (host) => `${host} does not take the client certificate that it was shown.`,
  action:
    'Check that the certificate is the one that the server knows, by a CA that it trusts, and has not expired: Network in the menu of the project.',
  delivery: 'not_sent',
};
/** The server's alert when it finds nothing in common, or, before TLS 1.3, when it misses a client certificate. */
const handshakeRefused: WireFailure = {
  code: 'tls_error',
  message: (host) => `${host} ended the TLS handshake.`,
  action:
    'It may ask for a client certificate, which is added under Network in the menu of the project, or speak only versions of TLS that are out of use.',
  delivery: 'not_sent',
};
/** A failure whose cause says nothing that is known here. */
export const unexplained = unreachable((host) => `The connection to ${host} failed.`, 'unknown');

const refusedCertificate =
  /ALERT_(?:BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_(?:REVOKED|EXPIRED|UNKNOWN)|UNKNOWN_CA|ACCESS_DENIED)$/;

/** What one error of a chain of causes says; undefined when it says nothing that is known here. */
export function wireFailureOf(error: Error): WireFailure | undefined {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (Object.hasOwn(byCode, code)) return byCode[code];
  // The alerts of RFC 8446 section 6.2, as OpenSSL and BoringSSL name them.
  if (/CERTIFICATE_REQUIRED$/.test(code)) return certificateRequired;
  if (refusedCertificate.test(code)) return certificateRefused;
  if (/ALERT_HANDSHAKE_FAILURE$/.test(code)) return handshakeRefused;
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
