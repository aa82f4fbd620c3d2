import { AppError, assertNever } from '../../shared/errors.ts';
import type { Client } from '../../shared/model/client.ts';
import { type Assertion, type Grant, isRedirectGrant } from '../../shared/model/grant.ts';
import type { Parameter } from '../../shared/model/parameter.ts';
import type { AuthorizationServer, Profile } from '../../shared/model/profile.ts';
import type { Project } from '../../shared/model/project.ts';
import type { Protection } from '../../shared/model/protection.ts';
import type { SigningKey } from '../../shared/model/signing-key.ts';
import { Secret } from '../../shared/secret.ts';
import type { ResolvedNetwork } from '../network/resolved-network.ts';
import type {
  ResolvedAssertion,
  ResolvedClient,
  ResolvedGrant,
  ResolvedKey,
  ResolvedProfile,
  ResolvedProtection,
} from '../oauth/resolved-profile.ts';
import { hasSecretServer } from '../requests/check-url.ts';
import { resolveTemplate, type VariableLookup } from '../requests/variables.ts';
import { resolveNetwork } from './resolve-network.ts';

/** A persona's values by their names. */
export type Vars = Readonly<Record<string, string | Secret>>;

/** Fills in the parts of one profile. */
class Resolver {
  readonly #lookup: VariableLookup;
  readonly #vars: Vars;

  constructor(vars: Vars, lookup: VariableLookup) {
    this.#vars = vars;
    // The persona's own values go before variables of the same names.
    this.#lookup = async (name) => this.#own(name) ?? (await lookup(name));
  }

  #own(name: string): string | Secret | undefined {
    return Object.hasOwn(this.#vars, name) ? this.#vars[name] : undefined;
  }

  async text(template: string): Promise<string> {
    return (await resolveTemplate(template, this.#lookup)).text;
  }

  async secret(reference: string): Promise<Secret> {
    return new Secret(await this.text(reference));
  }

  /** Messages name the host of a server, so that it cannot be secret. Throws `url_invalid`. */
  async #serverUrl(template: string): Promise<string> {
    const resolved = await resolveTemplate(template, this.#lookup);
    if (!hasSecretServer(resolved)) return resolved.text;
    throw new AppError('url_invalid', 'The server in a URL of the profile comes from a secret.', {
      action: 'Make that a plain variable: messages name the server.',
    });
  }

  async server(server: AuthorizationServer): Promise<AuthorizationServer> {
    const urls = Object.entries(server).map(async ([name, url]) => [name, await this.#serverUrl(url)]);
    return { ...server, ...Object.fromEntries(await Promise.all(urls)) };
  }

  async key({ key, passphrase, algorithm, keyId }: SigningKey): Promise<ResolvedKey> {
    return {
      key: await this.secret(key),
      passphrase: await this.secret(passphrase),
      algorithm,
      keyId: (await this.text(keyId)).trim(),
    };
  }

  async client(client: Client): Promise<ResolvedClient> {
    const id = await this.text(client.id);
    switch (client.kind) {
      case 'none':
      case 'tls_client_auth':
        return { ...client, id };
      case 'private_key_jwt':
        return { ...client, id, key: await this.key(client.key) };
      default:
        return { ...client, id, secret: await this.secret(client.secret) };
    }
  }

  async #assertion(assertion: Assertion): Promise<ResolvedAssertion> {
    if (assertion.kind === 'given')
      return { kind: 'given', assertion: await this.secret(assertion.assertion) };
    return {
      ...assertion,
      key: await this.key(assertion.key),
      issuer: (await this.text(assertion.issuer)).trim(),
      subject: (await this.text(assertion.subject)).trim(),
      audience: (await this.text(assertion.audience)).trim(),
      claims: await this.text(assertion.claims),
    };
  }

  /** A value that the persona does not have counts as empty, which the protocol names as missing. */
  #passwordGrant(grant: Extract<Grant, { kind: 'password' }>): ResolvedGrant {
    const password = this.#own(grant.passwordValue) ?? '';
    return {
      ...grant,
      username: this.#own(grant.userValue) ?? '',
      password: password instanceof Secret ? password : new Secret(password),
    };
  }

  async grant(grant: Grant): Promise<ResolvedGrant> {
    switch (grant.kind) {
      case 'client_credentials':
      case 'device_code':
        return grant;
      case 'password':
        return this.#passwordGrant(grant);
      case 'authorization_code':
      case 'implicit':
        return { ...grant, redirectUri: await this.text(grant.redirectUri) };
      case 'refresh_token':
        return { kind: grant.kind, refreshToken: await this.secret(grant.refreshToken) };
      case 'jwt_bearer':
        return { kind: grant.kind, assertion: await this.#assertion(grant.assertion) };
      case 'token_exchange':
        return {
          kind: grant.kind,
          subjectToken: await this.secret(grant.subjectToken),
          subjectTokenType: (await this.text(grant.subjectTokenType)).trim(),
          actorToken: await this.secret(grant.actorToken),
          actorTokenType: (await this.text(grant.actorTokenType)).trim(),
          requestedTokenType: (await this.text(grant.requestedTokenType)).trim(),
        };
      case 'ciba':
        return {
          ...grant,
          hintValue: (await this.text(grant.hintValue)).trim(),
          bindingMessage: await this.text(grant.bindingMessage),
        };
      default:
        return assertNever(grant);
    }
  }

  parameters(parameters: readonly Parameter[]): Promise<Parameter[]> {
    return Promise.all(
      parameters.map(async (parameter) => ({ ...parameter, value: await this.text(parameter.value) })),
    );
  }

  network(project: Pick<Project, 'folder' | 'network'>, profile: Profile): ResolvedProfile['network'] {
    let read: Promise<ResolvedNetwork> | undefined;
    return () => {
      read ??= resolveNetwork(project, profile, this.#lookup);
      return read;
    };
  }

  async protection(protection: Protection, grant: Grant): Promise<ResolvedProtection> {
    const { requestObject } = protection;
    // No other grant has an authorization request, so that a key left from one before is not looked for.
    if (requestObject.kind === 'none' || !isRedirectGrant(grant))
      return { ...protection, requestObject: { kind: 'none' } };
    return { ...protection, requestObject: { ...requestObject, key: await this.key(requestObject.key) } };
  }
}

/**
 * Fills in a profile's variables; those of its network once that is asked for. Throws `url_invalid` for a server that
 * comes from a secret, `variable_missing`, `variable_loop`, and what the lookup throws.
 */
export async function resolveProfile(
  id: string,
  profile: Profile,
  project: Pick<Project, 'folder' | 'network'>,
  vars: Vars,
  lookup: VariableLookup,
): Promise<Omit<ResolvedProfile, 'hidden'>> {
  const resolver = new Resolver(vars, lookup);
  return {
    id,
    name: profile.name,
    grant: await resolver.grant(profile.grant),
    server: await resolver.server(profile.server),
    client: await resolver.client(profile.client),
    scope: await resolver.text(profile.scope),
    parameters: await resolver.parameters(profile.parameters),
    protection: await resolver.protection(profile.protection, profile.grant),
    postLogoutRedirectUri: await resolver.text(profile.postLogoutRedirectUri),
    network: resolver.network(project, profile),
  };
}
