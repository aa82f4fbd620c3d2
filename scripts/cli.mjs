// Runs the command line from a clone: sets up first, then hands over.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt, root } from './setup.mjs';

ensureBuilt();
await import(pathToFileURL(join(root, 'dist', 'engine', 'cli.js')).href);
