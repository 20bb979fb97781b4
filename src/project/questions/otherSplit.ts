import { lstatSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { folderLockName, lockEnding } from '../../core/sampling/placement.ts';
import { readLock } from '../../core/sampling/lock/lockFile.ts';
import type { SampleLock } from '../../core/sampling/lock/sampleLock.ts';

/** A sample file of the other split. */
export interface OtherSplit {
  /** Absolute. */
  readonly path: string;
  readonly lock: SampleLock;
  /** Changes with the file. */
  readonly state: string;
}

/** Most files and folders next to a sample that are looked at, and the largest lock file that is read. */
const MAX_SIBLINGS = 500;
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * The newest file or folder next to a sample whose lock file names the same config and stage, and the other split. A
 * config names one path for both splits, so the lock files tell which file has which split. Null if there is none, or
 * if the sample has no lock file. `sample`: absolute.
 */
export function otherSplit(sample: string): OtherSplit | null {
  const sampleLock = lockedAt(sample, 'target') ?? lockedAt(realOf(sample));
  if (sampleLock === null) return null;
  const folder = path.dirname(sampleLock.path);
  const candidates = siblings(folder)
    .flatMap((name) => lockedAt(path.join(folder, name)) ?? [])
    .filter(
      ({ path: other, lock: { config, stage, split } }) =>
        other !== sampleLock.path &&
        config.path === sampleLock.lock.config.path &&
        stage === sampleLock.lock.stage &&
        split !== sampleLock.lock.split,
    )
    .sort((a, b) => b.changed - a.changed || (a.path < b.path ? -1 : 1));
  return candidates[0] ?? null;
}

function siblings(folder: string): string[] {
  try {
    return readdirSync(folder).sort().slice(0, MAX_SIBLINGS);
  } catch {
    return [];
  }
}

function realOf(sample: string): string {
  try {
    return realpathSync(sample);
  } catch {
    return sample;
  }
}

/** A sample file or folder with its lock file; null without one. A link counts as its target only if asked for. */
function lockedAt(sample: string, links?: 'target'): (OtherSplit & { readonly changed: number }) | null {
  try {
    const stat = lstatSync(links === 'target' ? realpathSync(sample) : sample);
    if (!stat.isFile() && !stat.isDirectory()) return null;
    const file = stat.isDirectory() ? path.join(sample, folderLockName) : sample + lockEnding;
    const locked = lstatSync(file);
    if (!locked.isFile() || locked.size > MAX_BYTES) return null;
    const lock = readLock(readFileSync(file, 'utf8'), file);
    if (stat.isFile() && stat.size !== lock.output.bytes) return null;
    return { path: sample, lock, state: lock.output.sha256, changed: locked.mtimeMs };
  } catch {
    // There is no lock file, or it is damaged or of a newer version.
    return null;
  }
}
