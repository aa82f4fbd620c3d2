import { createRequire } from 'node:module';

/**
 * Lets dependency-cruiser read .tsx: TypeScript 7 has no JavaScript API, so it parses with swc, and passes swc no
 * `tsx` option. Import this before dependency-cruiser.
 */
const swc = createRequire(import.meta.url)('@swc/core') as {
  parseFileSync(file: string, options: object): unknown;
};
const { parseFileSync } = swc;
swc.parseFileSync = (file, options) => parseFileSync(file, { ...options, tsx: file.endsWith('.tsx') });
