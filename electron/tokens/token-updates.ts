import type { AppError } from '../../shared/errors.ts';
import type { HostQuestion, Introspection, TokenActivity } from '../../shared/model/token.ts';
import type { InspectedToken } from '../../shared/model/token-inspection.ts';
import type { Secret } from '../../shared/secret.ts';
import type { HeldTokens } from '../oauth/inspection.ts';
import type { ResolvedProfile } from '../oauth/resolved-profile.ts';
import type { HeldToken } from '../oauth/revocation.ts';
import type { TokenAnswer } from '../oauth/token-answer.ts';
import type { TokenSubject } from './token-subject.ts';

/** How token sets are obtained and ended, given by the services. Each rejects with an AppError; retries are theirs. */
export interface TokenUpdates {
  refresh(profile: ResolvedProfile, refreshToken: Secret, wire: Wire): Promise<TokenAnswer>;
  /** Repeats a grant that needs no consent. */
  repeatGrant(profile: ResolvedProfile, wire: Wire): Promise<TokenAnswer>;
  /** The grant from the authorization URL to the token answer. */
  consent(subject: TokenSubject, options: ConsentOptions, signal: AbortSignal): Promise<TokenAnswer>;
  /** RFC 7009. */
  revoke(profile: ResolvedProfile, held: HeldToken): Promise<void>;
  /** Decodes and verifies; `nowMs` by the server's clock. */
  inspect(profile: ResolvedProfile, held: HeldTokens, nowMs: number): Promise<InspectedToken[]>;
  /** RFC 7662. */
  introspect(profile: ResolvedProfile, held: HeldToken): Promise<Introspection>;
  /** Ends the person's session at the provider, in the consent browser. */
  logout(
    subject: TokenSubject,
    idToken: Secret | null,
    options: Pick<ConsentOptions, 'attended' | 'onOpenUrl'>,
    signal: AbortSignal,
  ): Promise<'returned' | 'page'>;
}

/** How a refresh goes over the wire. */
export interface Wire {
  signal: AbortSignal;
  /** Sends one request, which nobody's giving up then ends. */
  onWire: <T>(request: () => Promise<T>) => Promise<T>;
}

/** What somebody is to do on another device, as it is shown. */
export type ApprovalPrompt =
  | Omit<Extract<TokenActivity, { kind: 'device' }>, 'sinceMs'>
  | Omit<Extract<TokenActivity, { kind: 'backchannel' }>, 'sinceMs'>;

export interface ConsentOptions {
  /** Whether it waits for the person; false: the script works the screens. */
  attended: boolean;
  /** Told what somebody is to do on another device, once the server says it. */
  onPrompt: (prompt: ApprovalPrompt) => void;
  /** Told where the person must be sent to, when no browser could be opened for them. */
  onOpenUrl: (url: string) => void;
  /**
   * This and the next two where somebody is present who could work screens, else undefined. Told why the script failed, when
   * the window is handed over to them.
   */
  onHandOver?: (error: AppError) => void;
  /** Told what they are asked, and null when that is over. */
  onQuestion?: (question: HostQuestion | null) => void;
  /** Told what they answered. */
  onAnswer?: (origin: string, allowed: boolean) => void;
  /** Told each line that the script logs; nothing secret is in it. */
  onLog: (line: string) => void;
}
