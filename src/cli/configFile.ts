import type { Stats } from 'node:fs';
import { access, chmod, constants, open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { MAX_CONFIG_MEGABYTES, MAX_CONFIG_SIZE } from '../core/config/size.ts';
import { fail, FailureError } from '../core/message/failure.ts';
import { message } from '../core/message/message.ts';
import { syncFile } from '../engine/files/durable.ts';
import { Fence } from '../engine/files/fence.ts';
import { fileFailure } from '../core/message/fileFailure.ts';
import { recoverUnfinished, unfinishedPath } from '../engine/files/unfinished.ts';

const mark = '\uFEFF';

export interface ConfigFile {
  /** Without the byte order mark, like in an editor. */
  readonly text: string;
  readonly marked: boolean;
}

/**
 * Reads the text of a config.
 * @throws FailureError `not-found`; `no-permission`; `refused-path` for a folder, a pipe or a device; `wrong-format` if
 * it is not UTF-8; `unsupported` if it is too long
 */
export async function readConfigFile(file: string): Promise<ConfigFile> {
  const bytes = await readBytes(file).catch((error: unknown) => {
    throw fileFailure(error, file);
  });
  const nul = bytes.indexOf(0);
  try {
    if (nul >= 0 && isUtf16(bytes)) throw new TypeError();
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    if (nul >= 0) {
      throw fail('wrong-format', message('It contains a NUL character'), {
        place: { path: file, line: lineOf(bytes, nul) },
        advice: message('Remove that character. Editors do not write it on purpose.'),
      });
    }
    return text.startsWith(mark) ? { text: text.slice(1), marked: true } : { text, marked: false };
  } catch (error) {
    if (error instanceof FailureError) throw error;
    throw fail('wrong-format', message('It is not UTF-8 text'), {
      place: { path: file },
      advice: message('Save it as UTF-8.'),
    });
  }
}

/** Latin letters in UTF-16 are valid UTF-8 too, with a zero byte next to each. */
function isUtf16(bytes: Uint8Array): boolean {
  return bytes.reduce((zeros, b) => zeros + Number(b === 0), 0) > bytes.length / 4;
}

/** 1-based line of a byte offset. */
function lineOf(bytes: Uint8Array, offset: number): number {
  return bytes.subarray(0, offset).reduce((line, b) => line + Number(b === 0x0a), 1);
}

async function readBytes(file: string): Promise<Uint8Array> {
  // Check before opening: opening a pipe waits for its writer.
  refuseOther(await stat(file), file);
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    if (size > MAX_CONFIG_SIZE)
      throw fail('unsupported', message('It is larger than {0} MB, the maximum for a config', MAX_CONFIG_MEGABYTES), {
        place: { path: file },
      });
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

function refuseOther(stats: Stats, file: string): void {
  if (stats.isDirectory())
    throw fail('refused-path', message('It is a folder, not a config'), {
      place: { path: file },
      advice: message('Give the path of a config, such as {0}.', path.join(file, 'NAME.ratio.yaml')),
    });
  if (!stats.isFile())
    throw fail('refused-path', message('It is a device or pipe and cannot be read'), { place: { path: file } });
}

/**
 * Writes a config atomically: a reader sees either the old text or the new text. The file mode and a link to the file
 * stay.
 * @param within the folder that no link may lead out of
 * @throws FailureError `refused-path` that names a link that leads out, `no-permission`, or the error of the system
 */
export async function writeConfigFile(
  file: string,
  { text, marked }: ConfigFile,
  within: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    const target = await realpath(file);
    const fence = await Fence.around(within);
    await fence.checkWritten(file, (link) =>
      message('Fixes are not written there. To fix it, lint {0} itself.', link.target),
    );
    fence.checkReal(file, target);
    await recoverUnfinished(path.dirname(target), { signal });
    const unfinished = unfinishedPath(path.dirname(target));
    try {
      const { mode } = await stat(target);
      // `rename` ignores the mode of the file that it replaces, so the mode is checked here.
      if ((mode & 0o222) === 0)
        throw fail('no-permission', message('It is read-only'), {
          place: { path: file },
          advice: message('Make it writable, or lint without {0}.', '--fix'),
        });
      await access(target, constants.W_OK);
      await writeFile(unfinished, marked ? mark + text : text, { flag: 'wx' });
      await syncFile(unfinished);
      await chmod(unfinished, mode & 0o777);
      await rename(unfinished, target);
    } catch (error) {
      // This fails again if the folder is gone or cannot be written.
      await rm(unfinished, { force: true }).catch(() => undefined);
      throw error;
    }
  } catch (error) {
    throw fileFailure(error, file);
  }
}
