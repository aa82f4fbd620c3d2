import { describe, expect, it } from 'vitest';
import {
  scopeOutcome,
  verificationWords,
} from '../../../../renderer/features/auth-manager/inspection-words.ts';
import { verificationSchema } from '../../../../shared/model/token-inspection.ts';

describe('the words of a check', () => {
  it('are of their own for each outcome', () => {
    const kinds = verificationSchema.options.map(({ shape }) => shape.kind.value);
    const words = kinds.map((kind) =>
      verificationWords(verificationSchema.parse(kind === 'unchecked' ? { kind, reason: 'x' } : { kind })),
    );
    expect(words.map(({ word }) => word)).toEqual([
      'Valid',
      'Expired',
      'Not valid yet',
      'Wrong key',
      'Key unknown',
      'Unsigned',
      'Not checked',
    ]);
    expect(words.filter(({ tone }) => tone === 'good')).toHaveLength(1);
  });

  it('say why nothing was checked', () => {
    const { text } = verificationWords({
      kind: 'unchecked',
      reason: 'id.example answered HTTP 500 for its keys',
    });
    expect(text).toBe('Its signature was not checked: id.example answered HTTP 500 for its keys.');
  });
});

it('tells what became of each scope', () => {
  expect(scopeOutcome({ asked: ['openid', 'write'], granted: ['openid', 'email'] })).toEqual({
    granted: ['openid'],
    refused: ['write'],
    added: ['email'],
  });
});
