import { closeSync, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { constants } from 'node:fs';
import { fileFailure } from '../../core/message/fileFailure.ts';
import type { Failure } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { contains } from '../projectRoot.ts';

/** Files above this size are not read as policies. */
const MAX_BYTES = 1_000_000;

export type PolicyText = { readonly text: string } | { readonly failure: Failure };

/**
 * Reads policy files from disk. Refuses files outside `root` (after resolving symbolic links), devices and files above
 * the size limit.
 */
export function policyTextWithin(root: string | null): (path: string) => PolicyText {
  return (path) => {
    try {
      const real = realpathSync(path);
      if (root !== null && !contains(realpathSync(root), real))
        return {
          failure: { code: 'refused-path', message: message('It is outside of the workspace'), place: { path } },
        };
      return readRegular(real);
    } catch (error) {
      return { failure: fileFailure(error, path).failure };
    }
  };
}

function readRegular(path: string): PolicyText {
  // Without O_NONBLOCK, opening a pipe would wait for its writer.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const info = fstatSync(file);
    if (!info.isFile())
      return {
        failure: {
          code: 'refused-path',
          message: message('This is a device, a pipe or a socket, not a file'),
          place: { path },
        },
      };
    if (info.size > MAX_BYTES)
      return {
        failure: { code: 'unsupported', message: message('It is longer than {0} bytes', MAX_BYTES), place: { path } },
      };
    const bytes = Buffer.alloc(info.size);
    let length = 0;
    for (let read = 1; read > 0 && length < bytes.length; length += read)
      read = readSync(file, bytes, length, bytes.length - length, length);
    return { text: bytes.toString('utf8', 0, length) };
  } finally {
    closeSync(file);
  }
}
