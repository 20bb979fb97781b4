// Paths in a clone. Everything that a script generates is in git-ignored folders.
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
export const cache = path.join(root, '.cache');
export const dist = path.join(root, 'dist');
export const nodeModules = path.join(root, 'node_modules');
export const results = path.join(root, 'test', 'results');
