import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { MAX_CONFIG_MEGABYTES, MAX_CONFIG_SIZE } from '../../core/config/size.ts';
import { fileFailure } from '../../core/message/fileFailure.ts';
import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { languageOf, type Address } from './address.ts';
import type { ConfigVersion } from './snapshot.ts';

/** Reads a config from disk. @throws FailureError if the file is missing, not a regular file, or too long */
export async function textOfFile(address: Address): Promise<ConfigVersion> {
  const place = { path: address.path ?? address.uri };
  if (address.path === null)
    throw fail('not-found', message('This config is not open in an editor and is not a file on this machine'), {
      place,
    });
  // Without O_NONBLOCK, opening a pipe would wait for its writer.
  const file = await open(address.path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) => {
    throw fileFailure(error, place.path);
  });
  try {
    const info = await file.stat();
    if (!info.isFile())
      throw fail('refused-path', message('This is a device, a pipe or a socket, not a file'), { place });
    if (info.size > MAX_CONFIG_SIZE)
      throw fail('unsupported', message('It is larger than {0} MB, the maximum for a config', MAX_CONFIG_MEGABYTES), {
        place,
      });
    const text = await file.readFile('utf8');
    // Editors remove the byte order mark, so positions are counted without it.
    return { address, language: languageOf(address), version: null, text: text.replace(/^\uFEFF/, '') };
  } finally {
    await file.close();
  }
}
