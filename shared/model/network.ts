import { z } from 'zod';
import { secretReferenceSchema, templateSchema } from './variable.ts';

/** A host, `host:port`, or `*.domain`. */
const hostPattern = z.string().trim().min(1, 'a host, such as api.example.com').max(260);

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
    /** Hosts that are reached without it; loopback is so by itself, unless `<-loopback>` is among them. */
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

/** A path within the project, such as `certificates/company-ca.pem`. */
export const projectPathSchema = z
  .string()
  .min(1)
  .max(500)
  .refine((path) => !/^\/|^[a-z]:|\\|(^|\/)\.{0,2}(\/|$)/i.test(path), {
    message: 'a path within the project, such as certificates/company-ca.pem',
  });

/** How a project reaches its servers: token calls, API calls and consent screens alike. */
export const networkSchema = z.strictObject({
  proxy: proxySchema.default({ kind: 'system' }),
  /** Files with certificates in PEM that are trusted beside the system's. */
  trustedCertificates: z.array(projectPathSchema).max(50).default([]),
  clientCertificates: z.array(clientCertificateSchema).max(50).default([]),
  /** Whether HTTP/2 is offered. */
  http2: z.boolean().default(true),
  /** For one connection, proxies on the way included. */
  connectTimeoutSeconds: z
    .number()
    .int('a whole number')
    .min(1, 'at least 1')
    .max(600, 'at most 600')
    .default(30),
  /** For one API request, from connecting to the last byte; token requests have the time of their profile. */
  requestTimeoutSeconds: z
    .number()
    .int('a whole number')
    .min(1, 'at least 1')
    .max(3600, 'at most 3600')
    .default(60),
});
export type Network = z.infer<typeof networkSchema>;
