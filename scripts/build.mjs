// Builds what runs: the engine's hosts, the preload, and the renderer, each with its own part of vite.config.ts.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { root } from './setup.mjs';

// Not given to Vite as an option: that would outrank the renderer's own root.
process.chdir(root);
rmSync(join(root, 'dist'), { recursive: true, force: true });
for (const mode of ['engine', 'preload', 'renderer']) {
  await build({ configFile: join(root, 'vite.config.ts'), mode, logLevel: 'warn' });
}
