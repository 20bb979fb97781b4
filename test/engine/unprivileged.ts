import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { loaderArguments } from '../ownProcess.ts';

/**
 * Runs an ES module in a process without full file permissions, and returns its output. `prepare` runs before the
 * process drops its privileges, so that every module is loaded: the clone may be readable only by its owner. Arguments
 * are `process.argv.slice(1)`.
 */
export async function runUnprivileged(prepare: string, work: string, args: readonly string[]): Promise<string> {
  const code = `${prepare}\nif (process.getuid() === 0) { process.setegid(65534); process.seteuid(65534); }\n${work}`;
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...loaderArguments,
    '--input-type=module',
    '-e',
    code,
    ...args,
  ]);
  return stdout.trim();
}
