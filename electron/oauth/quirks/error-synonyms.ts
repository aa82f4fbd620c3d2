/** Codes of single makers, by the code of RFC 6749 section 5.2 that says the same. */
const synonyms: Readonly<Record<string, string>> = {
  // GitHub
  incorrect_client_credentials: 'invalid_client',
  bad_refresh_token: 'invalid_grant',
  bad_verification_code: 'invalid_grant',
  // Slack
  bad_client_secret: 'invalid_client',
  invalid_client_id: 'invalid_client',
  invalid_code: 'invalid_grant',
  invalid_refresh_token: 'invalid_grant',
  token_revoked: 'invalid_grant',
};

/** What a server's error code means, in the words of RFC 6749 section 5.2; an unknown one means itself. */
export function meaningOf(error: string | undefined): string | undefined {
  return error !== undefined && Object.hasOwn(synonyms, error) ? synonyms[error] : error;
}
