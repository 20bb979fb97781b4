// A stamp is a small file that records what a folder was made from. Work is skipped while the stamp is current.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './paths.mjs';

/** SHA-256 of texts and file contents, in the order given. */
export function hashOf(parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex');
}

/** A hash over the names and contents of files and folders (a missing one counts as empty). */
export function hashOfFiles(entries) {
  const parts = [];
  for (const file of entries.flatMap((entry) => filesUnder(entry)).sort()) parts.push(file, readFileSync(file));
  return hashOf(parts);
}

/** A hash over what the demo workspace is made from: its world, its writer and its configs. */
export function demoSources() {
  return hashOfFiles(
    ['examples/demo', 'src/engine/demo', 'src/core/policy/examples'].map((place) => path.join(root, place)),
  );
}

/** True if the stamp file contains exactly this text. */
export function isStamped(file, text) {
  try {
    return readFileSync(file, 'utf8') === text;
  } catch {
    return false;
  }
}

export function stamp(file, text) {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** All files under a path, without installed or generated files. */
export function filesUnder(entry) {
  try {
    return readdirSync(entry, { withFileTypes: true }).flatMap((child) => {
      if (child.name === 'node_modules' || child.name === '.DS_Store') return [];
      const full = path.join(entry, child.name);
      return child.isDirectory() ? filesUnder(full) : [full];
    });
  } catch (error) {
    if (error.code === 'ENOTDIR') return [entry];
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}
