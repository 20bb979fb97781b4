import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Runs an ES module in a process that may not read and write everywhere, and returns what it prints. `prepare` runs before the
 * process gives up its rights, so that every module is loaded: the clone itself may lie where only its owner can read.
 * Arguments are `process.argv.slice(1)`.
 */
export async function runUnprivileged(prepare: string, work: string, args: readonly string[]): Promise<string> {
  const code = `${prepare}\nif (process.getuid() === 0) { process.setegid(65534); process.seteuid(65534); }\n${work}`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', code, ...args],
    { cwd: root },
  );
  return stdout.trim();
}
