import { message } from '../core/report/message.ts';
import { usageError } from './usage.ts';

/**
 * The value of `--out`, which is a path of this machine. `help`: the command line that says more.
 * @throws FailureError where it is empty or an address, of which a folder named `file:` would be made
 */
export function outPath(out: string, help: string): string {
  const more = message('See {0}.', help);
  if (out.trim() === '') throw usageError(message('--out is empty'), more);
  // One letter is a drive of Windows.
  if (/^[a-z][a-z0-9+.-]+:[\\/]/i.test(out)) throw usageError(message('--out takes a path, not the address {0}', out), more);
  return out;
}
