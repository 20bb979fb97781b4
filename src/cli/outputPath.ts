import { message } from '../core/message/message.ts';
import { Fence } from '../engine/files/fence.ts';
import { usageError } from './usage.ts';

/**
 * Checks an output path, which must be a path on this machine. `name` is the option that gives it, such as `--out`;
 * `help` is the command line that explains it.
 * @throws FailureError if it is empty or a URL: a folder named `file:` would be created otherwise
 */
export function parseOutPath(out: string, name: string, help: string): string {
  const hint = message('See {0}.', help);
  if (out.trim() === '') throw usageError(message('{0} is empty', name), hint);
  // A single letter is a Windows drive.
  if (/^[a-z][a-z0-9+.-]+:[\\/]/i.test(out))
    throw usageError(message('{0} must be a path, not the URL {1}', name, out), hint);
  return out;
}

/**
 * Refuses an absolute output path that is inside the root by name, but that a link leads out of it.
 * @throws FailureError `refused-path` that names the link and its target
 */
export async function checkOutputLink(file: string, root: string | null): Promise<void> {
  if (root !== null)
    await (
      await Fence.around(root)
    ).checkWritten(file, ({ target }) => message('To write there, give the path without the link: {0}.', target));
}
