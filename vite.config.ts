import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import react from '@vitejs/plugin-react';
import { defineConfig, type UserConfig } from 'vite';

const manifest = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8'));
const external = [
  'electron',
  ...builtinModules,
  ...builtinModules.map((name) => `node:${name}`),
  ...Object.keys(manifest.dependencies).map((name) => new RegExp(`^${name}(/|$)`)),
];
const define = { __VERSION__: JSON.stringify(manifest.version) };

/** The hosts, each an entry of its own; packages stay outside and are loaded from node_modules. */
const engine: UserConfig = {
  define,
  ssr: { noExternal: [] },
  build: {
    ssr: true,
    outDir: 'dist/engine',
    target: 'node20',
    minify: false,
    sourcemap: true,
    rollupOptions: {
      external,
      input: {
        desktop: 'electron/hosts/desktop/main.ts',
        sandbox: 'electron/hosts/desktop/sandbox-process.ts',
        web: 'electron/hosts/web/main.ts',
        cli: 'electron/hosts/cli/main.ts',
      },
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
};

/** A sandboxed preload can only be one CommonJS file. */
const preload: UserConfig = {
  build: {
    outDir: 'dist/preload',
    target: 'chrome130',
    minify: false,
    lib: { entry: 'electron/hosts/desktop/preload.ts', formats: ['cjs'], fileName: () => 'preload.cjs' },
    rollupOptions: { external: ['electron'] },
  },
};

const renderer: UserConfig = {
  root: 'renderer',
  base: './',
  plugins: [react()],
  define,
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'chrome130',
    chunkSizeWarningLimit: 1500,
    assetsInlineLimit: 0,
  },
};

export default defineConfig(({ mode }): UserConfig => {
  if (mode === 'engine') return engine;
  if (mode === 'preload') return preload;
  return renderer;
});
