/**
 * Stands in every secret that a test makes. No way of writing text changes any of its characters, so it is found however
 * the rest of the secret is encoded, and also where only a part of the secret is left.
 */
export const stem = 'zqm4rk3r';

/** What is kept secret in a project and its vault; each is awkward in another way. */
export const secrets = {
  orders_secret: `cl13nt-${stem} s%+/:&="é`,
  orders_user: `us3r-${stem}@example.test`,
  orders_password: `pa55-${stem}  &<"'é`,
  /** Base32, as a TOTP seed is: all capitals. */
  orders_seed: `GEZD${stem.toUpperCase()}NBSWY3DP`,
  api_key: `k3y-${stem} /+&"é`,
  broken_key: `br0ken-${stem}\nnext line`,
};

/** A text in which secrets are looked for, and where it comes from. */
export interface Place {
  name: string;
  text: string;
}

/** A secret that stands where it should not. */
export interface Finding {
  place: string;
  trace: string;
  around: string;
}

/** What a text looks like in base64, wherever in the encoded bytes it begins; ends that depend on neighbours left out. */
function inBase64(text: string): string[] {
  const bytes = Buffer.from(text);
  return [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64url');
    return encoded.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
  });
}

/** How a text of plain letters and digits can stand in another, or in the raw bytes of a file read as Latin 1. */
function writings(text: string): string[] {
  const wide = Buffer.from(text, 'utf16le').toString('latin1').slice(0, -1);
  return [text, ...inBase64(text), Buffer.from(text).toString('hex'), wide];
}

/** Parts of a secret that the engine made, which has no stem: enough of it to be told from chance. */
function parts(value: string): string[] {
  if (value.length < 12) return [value];
  const middle = Math.floor(value.length / 2) - 6;
  return [0, middle, value.length - 12].map((at) => value.slice(at, at + 12));
}

const hugeCharacters = 5_000_000;

/**
 * Looks for every secret in every place: whatever holds the stem, and each of the values without one that only the
 * engine knows (`state`, `nonce`, PKCE verifier), whole or in part; in the heap of a page those as they are.
 */
export function search(places: readonly Place[], engineMade: Iterable<string>): Finding[] {
  const stems = [stem, stem.toUpperCase()].flatMap(writings);
  const values = [...engineMade].flatMap(parts);
  const traces = [...stems, ...values.flatMap(writings)];
  const findings: Finding[] = [];
  for (const { name, text } of places) {
    for (const trace of text.length > hugeCharacters ? [...stems, ...values] : traces) {
      const at = text.indexOf(trace);
      if (at === -1) continue;
      const around = text.slice(Math.max(0, at - 200), at + trace.length + 60);
      findings.push({ place: name, trace, around });
    }
  }
  return findings;
}
