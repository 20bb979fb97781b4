import { message } from '../core/message/message.ts';
import { Fence } from '../engine/files/fence.ts';
import { usageError } from './usage.ts';

/**
 * A path that is written to, which is one of this machine. `name`: what it is given by, as `--out`; `help`: the command line that says more.
 * @throws FailureError where it is empty or an address, of which a folder named `file:` would be made
 */
export function outPath(out: string, name: string, help: string): string {
  const more = message('See {0}.', help);
  if (out.trim() === '') throw usageError(message('{0} is empty', name), more);
  // One letter is a drive of Windows.
  if (/^[a-z][a-z0-9+.-]+:[\\/]/i.test(out))
    throw usageError(message('{0} takes a path, not the address {1}', name, out), more);
  return out;
}

/**
 * Refuses an absolute path to write to that is inside of the root by its letters, and that a link leads out.
 * @throws FailureError `refused-path` that names the link and its target
 */
export async function checkOut(file: string, root: string | null): Promise<void> {
  if (root !== null)
    await (
      await Fence.around(root)
    ).checkWritten(file, ({ target }) => message('To write there, give the path without the link: {0}.', target));
}
