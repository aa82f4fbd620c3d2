/** What a consent browser is opened for; a person reads of a "sign-in" or a "logout" accordingly. */
export type ConsentPurpose = 'sign-in' | 'logout';

/** The other words that a person reads, by purpose. */
export const purposeWords = {
  'sign-in': {
    title: 'Sign in',
    done: 'Signed in',
    url: 'authorization URL',
    again: 'Get the access token again',
  },
  logout: { title: 'Log out', done: 'Logged out', url: 'end-session URL', again: 'End the session again' },
} as const satisfies Record<ConsentPurpose, Record<string, string>>;
