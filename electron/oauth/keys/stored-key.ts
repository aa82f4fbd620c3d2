import type { KeyObject } from 'node:crypto';

/** What a stored text turned out to hold. */
export interface StoredKey {
  key: KeyObject;
  /** As the key itself says; null: it does not. */
  keyId: string | null;
  /** In DER, in no order. */
  certificates: readonly Buffer[];
}
