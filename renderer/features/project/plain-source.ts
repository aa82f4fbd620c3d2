/**
 * A hostile text as it is to be read: characters that show nothing, or turn the direction of others, stand as their
 * code, so that it cannot look like another text. Line breaks and tabs stay.
 */
export function plainSource(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
      character === '\n' || character === '\t'
        ? character
        : `\\u{${character.codePointAt(0)?.toString(16).toUpperCase()}}`,
    );
}
