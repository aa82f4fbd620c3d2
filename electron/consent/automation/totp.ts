import { Secret, TOTP, URI } from 'otpauth';
import { z } from 'zod';

const looks =
  'a seed is base32 text such as "JBSWY3DPEHPK3PXP", or an address that begins with otpauth://totp/';

function read(seed: string): TOTP | null {
  try {
    if (!/^otpauth:/i.test(seed)) {
      return new TOTP({ secret: Secret.fromBase32(seed.replace(/[\s-]/g, '').replace(/=+$/, '')) });
    }
    const parsed = URI.parse(seed);
    return parsed instanceof TOTP ? parsed : null;
  } catch {
    return null;
  }
}

/** A seed of one-time codes; what it refuses it never repeats. */
export const totpSeed = z
  .string(looks)
  .trim()
  .min(1, looks)
  .max(1000, looks)
  .transform((seed, context) => {
    const totp = read(seed);
    if (totp !== null && totp.secret.bytes.length > 0) return totp;
    context.addIssue(looks);
    return z.NEVER;
  });
