import { z } from 'zod';
import { secretReferenceSchema, templateSchema } from './variable.ts';

/** A host, `host:port`, or `*.domain`. */
const hostPattern = z.string().trim().min(1, 'a host').max(260);

/** How connections leave this machine. */
export const proxySchema = z.discriminatedUnion('kind', [
  /** As the system, or HTTP_PROXY, HTTPS_PROXY and NO_PROXY, say. */
  z.strictObject({ kind: z.literal('system') }),
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({
    kind: z.literal('custom'),
    /** `http://`, `https://`, `socks5://` or `socks4://`, host and port. */
    url: templateSchema,
    user: templateSchema.default(''),
    password: secretReferenceSchema.default(''),
    /** Hosts that are reached without it. */
    bypass: z.array(hostPattern).max(100).default([]),
  }),
]);
export type Proxy = z.infer<typeof proxySchema>;

/** The certificate that this client shows to servers of a host which ask for one (RFC 8446 section 4.3.2). */
export const clientCertificateSchema = z.strictObject({
  host: hostPattern,
  /** PKCS#12 in base64, or the certificate chain in PEM. */
  certificate: secretReferenceSchema,
  /** PEM; empty where the certificate is PKCS#12. */
  key: secretReferenceSchema.default(''),
  /** Of the key, or of PKCS#12; empty: none. */
  passphrase: secretReferenceSchema.default(''),
});
export type ClientCertificate = z.infer<typeof clientCertificateSchema>;

/** How a project reaches its servers: token calls, API calls and consent screens alike. */
export const networkSchema = z.strictObject({
  proxy: proxySchema.default({ kind: 'system' }),
  /** Certificates in PEM that are trusted beside the system's; paths within the project. */
  trustedCertificates: z.array(z.string().max(500)).max(50).default([]),
  clientCertificates: z.array(clientCertificateSchema).max(50).default([]),
  /** Whether HTTP/2 is offered. */
  http2: z.boolean().default(true),
});
export type Network = z.infer<typeof networkSchema>;
