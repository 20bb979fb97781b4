import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync, statSync, type Stats } from 'node:fs';
import path from 'node:path';
import { refusedBelow } from '../../core/data/refusedPath.ts';
import { failureOf } from '../../core/message/failure.ts';
import { message, type Message } from '../../core/message/message.ts';
import { readLock } from '../../core/sampling/lock/lockFile.ts';
import type { SampleLock } from '../../core/sampling/lock/sampleLock.ts';
import { folderLockName, lockEnding } from '../../core/sampling/placement.ts';

/** What is recorded about a sample file. */
export interface SampleRecord {
  readonly lock: SampleLock | null;
  /** The config that wrote it, absolute, if it is still there and unchanged. */
  readonly config: string | null;
  readonly notices: readonly Message[];
}

const nothing: SampleRecord = { lock: null, config: null, notices: [] };

/**
 * Reads the lock file of a sample file or folder, if there is one. If the sample is a link, a lock file next to the
 * link comes before one next to its target, and which file is read is reported. A lock file that does not belong to the
 * present file is not used, which is reported too. `sample`: absolute. `root`: links above this folder are not
 * reported.
 */
export function sampleRecord(sample: string, root: string | null = null): SampleRecord {
  const target = targetOf(sample);
  const places = target === null ? [sample] : [sample, target];
  const record = recordAt(places.find((place) => existsSync(lockOf(place))) ?? sample, places);
  if (target === null || target === placeIn(root, sample)) return record;
  return { ...record, notices: [message('{0} is read through a link: {1}', target, sample), ...record.notices] };
}

/** The file or folder that a link leads to; null without a link. Links of the folders above count as well. */
function targetOf(sample: string): string | null {
  try {
    const real = realpathSync(sample);
    return real === sample ? null : real;
  } catch {
    return null;
  }
}

/** Where a sample in a folder is, if there is no link below the folder. */
function placeIn(root: string | null, sample: string): string | null {
  return root === null ? null : path.join(targetOf(root) ?? root, path.relative(root, sample));
}

function lockOf(sample: string): string {
  return statOf(sample)?.isDirectory() === true ? path.join(sample, folderLockName) : sample + lockEnding;
}

/** Null also if its links form a loop, or without permission: opening the sample reports that. */
function statOf(sample: string): Stats | null {
  try {
    return statSync(sample);
  } catch {
    return null;
  }
}

/** `places`: the sample, and the target of its link. The config may be in a folder above either. */
function recordAt(sample: string, places: readonly string[]): SampleRecord {
  const stat = statOf(sample);
  const file = lockOf(sample);
  const text = textOf(file);
  if (text === null) return nothing;
  const name = path.basename(file);
  try {
    const lock = readLock(text, file);
    if (stat?.isFile() === true && stat.size !== lock.output.bytes)
      return {
        ...nothing,
        notices: [message('The lock file {0} is not used: the sample file changed after it was written', name)],
      };
    const config = places.map((place) => configOf(lock, place)).find((file) => file !== null) ?? null;
    return {
      lock,
      config,
      notices:
        config === null
          ? [message('The config {0} of the lock file was not found, or it has changed', lock.config.path)]
          : [],
    };
  } catch (error) {
    return {
      ...nothing,
      notices: [message('The lock file {0} is not used: {1}', name, failureOf(error).message)],
    };
  }
}

/** The config of a lock file, whose path is relative to a folder above the sample. */
function configOf({ config }: SampleLock, sample: string): string | null {
  for (let folder = path.dirname(sample); ; folder = path.dirname(folder)) {
    const file = path.join(folder, config.path);
    const text = refusedBelow(config.path, folder) === null ? textOf(file) : null;
    // The digest is that of the text, which an editor may begin with a byte order mark.
    if (text !== null && sha256(text.replace(/^\uFEFF/, '')) === config.sha256) return file;
    if (folder === path.dirname(folder)) return null;
  }
}

function textOf(file: string): string | null {
  try {
    return statSync(file).isFile() ? readFileSync(file, 'utf8') : null;
  } catch {
    return null;
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
