import { assertNever } from '../../../../shared/errors.ts';
import type {
  Assertion,
  CodeResponseType,
  Grant,
  GrantKind,
  ImplicitResponseType,
  Pkce,
  ResponseMode,
} from '../../../../shared/model/grant.ts';
import { newProfile } from '../../../../shared/model/profile.ts';
import type { SigningKey } from '../../../../shared/model/signing-key.ts';
import { noKey } from './key-form.ts';
import { numberOf } from './number-text.ts';

/** How the token is obtained, complete whatever the grant. */
export interface GrantForm {
  grantKind: GrantKind;
  redirectUri: string;
  responseMode: ResponseMode;
  responseType: CodeResponseType;
  implicitResponseType: ImplicitResponseType;
  pkce: Pkce;
  userValue: string;
  passwordValue: string;
  refreshToken: string;
  assertionKind: Assertion['kind'];
  assertion: string;
  assertionKey: SigningKey;
  assertionIssuer: string;
  assertionSubject: string;
  assertionAudience: string;
  assertionLifetime: string;
  assertionClaims: string;
  subjectToken: string;
  subjectTokenType: string;
  actorToken: string;
  actorTokenType: string;
  requestedTokenType: string;
  hint: Extract<Grant, { kind: 'ciba' }>['hint'];
  hintValue: string;
  bindingMessage: string;
}

const fresh = newProfile('new').grant;
const accessToken = 'urn:ietf:params:oauth:token-type:access_token';

/** What stands in the fields of a grant that is chosen for the first time. */
export const unusedGrant: GrantForm = {
  grantKind: fresh.kind,
  redirectUri: fresh.kind === 'authorization_code' ? fresh.redirectUri : '',
  responseMode: 'default',
  responseType: 'code',
  implicitResponseType: 'token',
  pkce: 'S256',
  userValue: 'user',
  passwordValue: 'password',
  refreshToken: '',
  assertionKind: 'signed',
  assertion: '',
  assertionKey: noKey,
  assertionIssuer: '',
  assertionSubject: '',
  assertionAudience: '',
  assertionLifetime: '300',
  assertionClaims: '',
  subjectToken: '',
  subjectTokenType: accessToken,
  actorToken: '',
  actorTokenType: accessToken,
  requestedTokenType: '',
  hint: 'login_hint',
  hintValue: '{{user}}',
  bindingMessage: '',
};

function assertionFields(assertion: Assertion): Partial<GrantForm> {
  if (assertion.kind === 'given') return { assertionKind: 'given', assertion: assertion.assertion };
  return {
    assertionKind: 'signed',
    assertionKey: assertion.key,
    assertionIssuer: assertion.issuer,
    assertionSubject: assertion.subject,
    assertionAudience: assertion.audience,
    assertionLifetime: String(assertion.lifetimeSeconds),
    assertionClaims: assertion.claims,
  };
}

function fieldsOf(grant: Grant): Partial<GrantForm> {
  switch (grant.kind) {
    case 'client_credentials':
    case 'device_code':
      return {};
    case 'implicit': {
      const { kind: _, responseType, ...redirected } = grant;
      return { ...redirected, implicitResponseType: responseType };
    }
    case 'jwt_bearer':
      return assertionFields(grant.assertion);
    case 'authorization_code':
    case 'password':
    case 'refresh_token':
    case 'token_exchange':
    case 'ciba': {
      const { kind: _, ...fields } = grant;
      return fields;
    }
    default:
      return assertNever(grant);
  }
}

/** The form of a grant. */
export function grantForm(grant: Grant): GrantForm {
  return { ...unusedGrant, ...fieldsOf(grant), grantKind: grant.kind };
}

function assertionOf(form: GrantForm): Assertion {
  if (form.assertionKind === 'given') return { kind: 'given', assertion: form.assertion };
  return {
    kind: 'signed',
    key: form.assertionKey,
    issuer: form.assertionIssuer,
    subject: form.assertionSubject,
    audience: form.assertionAudience,
    lifetimeSeconds: numberOf(form.assertionLifetime),
    claims: form.assertionClaims,
  };
}

/** The grant that the form comes to; the schema has yet to check it. */
export function grantOf(form: GrantForm): Grant {
  const { grantKind: kind, redirectUri, responseMode } = form;
  switch (kind) {
    case 'authorization_code':
      return { kind, redirectUri, responseMode, responseType: form.responseType, pkce: form.pkce };
    case 'implicit':
      return { kind, redirectUri, responseMode, responseType: form.implicitResponseType };
    case 'password':
      return { kind, userValue: form.userValue.trim(), passwordValue: form.passwordValue.trim() };
    case 'client_credentials':
    case 'device_code':
      return { kind };
    case 'refresh_token':
      return { kind, refreshToken: form.refreshToken };
    case 'jwt_bearer':
      return { kind, assertion: assertionOf(form) };
    case 'token_exchange':
      return {
        kind,
        subjectToken: form.subjectToken,
        subjectTokenType: form.subjectTokenType,
        actorToken: form.actorToken,
        actorTokenType: form.actorTokenType,
        requestedTokenType: form.requestedTokenType,
      };
    case 'ciba':
      return { kind, hint: form.hint, hintValue: form.hintValue, bindingMessage: form.bindingMessage };
    default:
      return assertNever(kind);
  }
}
