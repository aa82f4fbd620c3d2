import type { Cookie, CookiesSetDetails, Session } from 'electron';
import type { StoredCookie } from '../../consent/browser-state.ts';

const toElectron = { Strict: 'strict', Lax: 'lax', None: 'no_restriction' } as const;
const fromElectron = { strict: 'Strict', lax: 'Lax', unspecified: 'Lax', no_restriction: 'None' } as const;

/** How Electron sets a kept cookie: the domain is named only where it counts for subdomains too. */
export function cookieToSet(cookie: StoredCookie): CookiesSetDetails {
  const { name, value, domain, path, expires, httpOnly, secure } = cookie;
  return {
    ...{ name, value, path, httpOnly, secure, sameSite: toElectron[cookie.sameSite] },
    url: `${secure ? 'https' : 'http'}://${domain.replace(/^\./, '')}${path}`,
    ...(domain.startsWith('.') ? { domain } : {}),
    ...(expires < 0 ? {} : { expirationDate: expires }),
  };
}

/** A cookie of Electron's as it is kept. */
export function cookieToKeep(cookie: Cookie): StoredCookie {
  const { name, value, domain = '', path = '/', expirationDate = -1 } = cookie;
  return {
    ...{ name, value, domain, path, expires: expirationDate },
    httpOnly: cookie.httpOnly ?? false,
    secure: cookie.secure ?? false,
    sameSite: fromElectron[cookie.sameSite],
  };
}

/** Puts kept cookies into a fresh partition. One that Electron refuses is left out. */
export async function restoreCookies({ cookies }: Session, kept: StoredCookie[]): Promise<void> {
  await Promise.allSettled(kept.map((cookie) => cookies.set(cookieToSet(cookie))));
}

/** The cookies of a partition as they stand. */
export async function readCookies({ cookies }: Session): Promise<StoredCookie[]> {
  return (await cookies.get({})).map(cookieToKeep);
}
