/** The number that a text is; NaN, which every schema refuses, for an empty one too. */
export function numberOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}
