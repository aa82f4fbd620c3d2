import type { Protection } from '../../../../shared/model/protection.ts';
import type { SigningAlgorithm, SigningKey } from '../../../../shared/model/signing-key.ts';
import { noKey } from './key-form.ts';

/** What makes the protocol harder to attack. */
export interface ProtectionForm {
  pushedRequest: boolean;
  dpop: Protection['dpop']['kind'];
  dpopAlgorithm: SigningAlgorithm;
  requestObject: Protection['requestObject']['kind'];
  requestKey: SigningKey;
}

/** What stands in the fields of a protection that is switched on for the first time. */
export const unusedProtection: Pick<ProtectionForm, 'dpopAlgorithm' | 'requestKey'> = {
  dpopAlgorithm: 'ES256',
  requestKey: noKey,
};

/** The form of a profile's protection. */
export function protectionForm({ pushedRequest, dpop, requestObject }: Protection): ProtectionForm {
  return {
    pushedRequest,
    dpop: dpop.kind,
    dpopAlgorithm: dpop.kind === 'on' ? dpop.algorithm : unusedProtection.dpopAlgorithm,
    requestObject: requestObject.kind,
    requestKey: requestObject.kind === 'signed' ? requestObject.key : unusedProtection.requestKey,
  };
}

/** The protection that the form comes to. */
export function protectionOf(form: ProtectionForm): Protection {
  return {
    pushedRequest: form.pushedRequest,
    dpop: form.dpop === 'off' ? { kind: 'off' } : { kind: 'on', algorithm: form.dpopAlgorithm },
    requestObject:
      form.requestObject === 'none' ? { kind: 'none' } : { kind: 'signed', key: form.requestKey },
  };
}
