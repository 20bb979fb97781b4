import { lstat, mkdir, readdir, realpath, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { refusedBelow } from '../../core/data/refusedPath.ts';
import { fail, type FailureError } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { demoMarker } from '../../protocol/demo.ts';
import { digestFile } from '../files/digestFiles.ts';
import { NamedPaths, readRegular } from '../files/namedPath.ts';
import { abandonedPaths } from '../files/temporary.ts';

/** The host name and the process id follow. */
const stagingPrefix = `.recsample-demo-unfinished-${hostname()}-`;

export interface WrittenFile {
  /** Relative path with forward slashes. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** The arguments of the demo, stored in the marker. */
export interface DemoArguments {
  readonly version: number;
  readonly scale: string;
  readonly seed: string;
}

/**
 * A folder inside the target folder in which a demo is written until it is complete. The target must be new, empty, or
 * a demo with unchanged files. Other files in it are left alone.
 * `publish` moves the files to their final paths, `discard` restores the previous state of the folder.
 */
export class Staging {
  readonly root: string;
  readonly #directory: string;
  readonly #former: readonly WrittenFile[];
  /** The topmost folder that did not exist before, if there is one. */
  readonly #created: string | undefined;

  private constructor(directory: string, former: readonly WrittenFile[], created: string | undefined) {
    this.#directory = directory;
    this.root = join(directory, `${stagingPrefix}${process.pid}`);
    this.#former = former;
    this.#created = created;
  }

  /**
   * @param directory absolute path
   * @throws FailureError if the folder is not writable or contains something that is not a demo
   */
  static async open(directory: string): Promise<Staging> {
    // In these folders Node's recursive mkdir never returns.
    if (/^\/(proc|sys)(\/|$)/.test(directory))
      throw fail('refused-path', message('Files cannot be written to system folders'), {
        place: { path: directory },
        advice: message('Choose a new or empty folder.'),
      });
    const before = await stat(directory).catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    });
    if (before !== undefined && !before.isDirectory()) {
      throw fail('bad-request', message('This is a file, not a folder'), {
        place: { path: directory },
        advice: message('Choose a new or empty folder.'),
      });
    }
    if (before !== undefined) await recoverDemo(directory);
    const former = before === undefined ? [] : await formerFiles(directory);
    const created = before === undefined ? await mkdir(directory, { recursive: true }) : undefined;
    const staging = new Staging(directory, former, created);
    try {
      await mkdir(staging.root);
    } catch (error) {
      await staging.#removeCreated();
      throw error;
    }
    return staging;
  }

  /** Absolute path for a new file. Creates its folder. */
  async path(relative: string): Promise<string> {
    const path = join(this.root, relative);
    await mkdir(dirname(path), { recursive: true });
    return path;
  }

  /** Moves the files to their final paths and lists them in the marker. */
  async publish(relatives: readonly string[], demo: DemoArguments): Promise<WrittenFile[]> {
    const files: WrittenFile[] = [];
    for (const path of relatives) files.push(await writtenFile(this.root, path));
    await checkWay(this.#directory, relatives, this.#former);
    const marker = `${JSON.stringify({ generator: 'recsample demo', ...demo, files }, null, 2)}\n`;
    await writeFile(join(this.root, demoMarker), marker);
    await moveIn(this.root, this.#directory, relatives, this.#former);
    return files;
  }

  /** Removes everything written so far. */
  async discard(): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
    await this.#removeCreated();
  }

  async #removeCreated(): Promise<void> {
    if (this.#created === undefined) return;
    for (let folder = this.#directory; folder.startsWith(this.#created); folder = dirname(folder)) {
      try {
        await rmdir(folder);
      } catch {
        return; // Another process added something: not ours to remove.
      }
    }
  }
}

/** Lists further files of a complete demo in its marker, so that the next demo in this folder replaces them. */
export async function listMore(directory: string, relatives: readonly string[]): Promise<void> {
  const place = join(directory, demoMarker);
  const marker = JSON.parse(await readRegular(place)) as DemoArguments & { files: WrittenFile[] };
  for (const path of relatives) marker.files.push(await writtenFile(directory, path));
  const unfinished = `${place}.unfinished`;
  await writeFile(unfinished, `${JSON.stringify(marker, null, 2)}\n`);
  await rename(unfinished, place);
}

async function writtenFile(root: string, path: string): Promise<WrittenFile> {
  return { path, bytes: (await stat(join(root, path))).size, sha256: await sha256(join(root, path)) };
}

/** @throws FailureError if a file or link that is not a known file is in the way */
async function checkWay(directory: string, relatives: readonly string[], known: readonly WrittenFile[]): Promise<void> {
  const root = await realpath(directory);
  for (const path of relatives) {
    const target = join(directory, path);
    const parent = await realpath(dirname(target)).catch(() => undefined);
    const linked = parent !== undefined && parent !== join(root, dirname(path)).replace(/[\\/]\.?$/, '');
    if (linked || (!known.some((f) => f.path === path) && (await exists(target)))) {
      throw fail('bad-request', message('A file that does not belong to the demo is already here'), {
        place: { path: target },
        advice: message('Choose a new or empty folder.'),
      });
    }
  }
}

/**
 * Moves staged files over the previous ones, the marker last, and removes the staging folder. Skips files that are
 * already moved.
 */
async function moveIn(
  root: string,
  directory: string,
  relatives: readonly string[],
  former: readonly WrittenFile[],
): Promise<void> {
  for (const { path } of former) if (!relatives.includes(path)) await removeFormer(directory, path);
  for (const path of [...relatives, demoMarker]) {
    if (!(await exists(join(root, path)))) continue;
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await rename(join(root, path), join(directory, path));
  }
  await rm(root, { recursive: true, force: true });
}

async function removeFormer(directory: string, path: string): Promise<void> {
  await rm(join(directory, path), { force: true });
  // Also remove partition folders that are now empty; rmdir fails for the others.
  for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
    try {
      await rmdir(join(directory, folder));
    } catch {
      return;
    }
  }
}

/**
 * Completes or removes the unfinished demo of a killed process. A complete demo is moved in, an incomplete one is
 * removed.
 * @throws FailureError if a previous file has changed since
 */
export async function recoverDemo(directory: string): Promise<void> {
  for (const root of await abandonedPaths(directory, stagingPrefix)) {
    const staged = await listedFiles(root);
    if (staged === undefined) {
      await rm(root, { recursive: true, force: true });
      continue;
    }
    const former = (await listedFiles(directory)) ?? [];
    const paths = await NamedPaths.in(directory);
    for (const { path } of former) await paths.path(path, join(directory, demoMarker));
    for (const { path } of staged) {
      const place = join(directory, path);
      const known = [...former, ...staged].filter((file) => file.path === path).map((file) => file.sha256);
      if ((await exists(join(root, path))) && (await exists(place)) && !known.includes(await sha256(place)))
        throw changedFile(place);
    }
    const relatives = staged.map(({ path }) => path);
    // A link below the staging folder may lead to files that do not belong to the demo.
    await checkWay(root, relatives, staged);
    await checkWay(directory, relatives, [...former, ...staged]);
    await moveIn(root, directory, relatives, former);
  }
}

async function listedFiles(directory: string): Promise<WrittenFile[] | undefined> {
  return await readRegular(join(directory, demoMarker)).then(
    (text) => readMarker(text, directory),
    () => undefined,
  );
}

function changedFile(path: string): FailureError {
  return fail('bad-request', message('The file has changed since the demo was written'), {
    place: { path },
    advice: message('Choose another folder, or delete this file.'),
  });
}

/** Files of the demo in a folder; an empty list for an empty folder. */
async function formerFiles(directory: string): Promise<WrittenFile[]> {
  const entries = await readdir(directory);
  if (entries.length === 0) return [];
  const staging = entries.find((name) => name.startsWith('.recsample-demo-unfinished'));
  if (staging !== undefined) {
    throw fail('bad-request', message('Another demo is being written here, or was interrupted'), {
      place: { path: join(directory, staging) },
      advice: message('Delete the folder {0} if nothing writes to it.', join(directory, staging)),
    });
  }
  if (!entries.includes(demoMarker)) {
    throw fail('bad-request', message('The folder is not empty and does not contain a demo'), {
      place: { path: directory },
      advice: message('Choose a new or empty folder.'),
    });
  }
  const files = readMarker(await readRegular(join(directory, demoMarker)), directory);
  if (files === undefined) {
    const path = join(directory, demoMarker);
    throw fail('bad-request', message('This file is not a valid list of demo files'), {
      place: { path },
      advice: message('Choose a new or empty folder.'),
    });
  }
  const paths = await NamedPaths.in(directory);
  for (const file of files) {
    const path = await paths.path(file.path, join(directory, demoMarker));
    if ((await exists(path)) && (await sha256(path)) !== file.sha256) {
      throw changedFile(path);
    }
  }
  return files;
}

/** The files that a marker lists. Undefined if the text is not a marker, or if it names files outside its folder. */
function readMarker(text: string, directory: string): WrittenFile[] | undefined {
  try {
    const marker = JSON.parse(text) as { files?: unknown };
    if (!Array.isArray(marker.files)) return undefined;
    const files = marker.files as Partial<WrittenFile>[];
    const inside = files.every(
      (f) => typeof f.path === 'string' && typeof f.sha256 === 'string' && refusedBelow(f.path, directory) === null,
    );
    return inside ? (files as WrittenFile[]) : undefined;
  } catch {
    return undefined;
  }
}

async function exists(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  );
}

async function sha256(path: string): Promise<string> {
  return (await digestFile(path, {})).sha256;
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
