// Python environments of their own, for the tools that tests need.
import path from 'node:path';
import { run, runDownload } from './process.mjs';

/** The first version of pip that works in another environment. */
const oldestPip = [22, 3];

/** The Python of an environment. */
export const pythonOf = (folder) => path.join(folder, 'bin', 'python');

/**
 * Creates an environment and installs pinned packages into it. Every version is pinned, so pip resolves nothing. Python
 * compiles only the modules that are imported.
 * @param python the program that creates it
 * @param folder where the environment is
 * @param requirements a file that pins the packages
 * @returns the words of a command that runs pip in it
 */
export async function installPinned(python, folder, requirements) {
  // To install pip into an environment takes twenty times as long as to create it.
  const isShared = await hasPip(python);
  await createEnvironment(python, folder, { withPip: !isShared });
  const pip = isShared ? [python, '-m', 'pip', '--python', pythonOf(folder)] : [pythonOf(folder), '-m', 'pip'];
  const [program, ...args] = [...pip, 'install', '--quiet', '--no-deps', '--no-compile', '-r', requirements];
  await runDownload(program, args);
  return pip;
}

/** Creates an environment without the packages of the user. */
export async function createEnvironment(python, folder, { withPip = false } = {}) {
  await run(python, ['-m', 'venv', ...(withPip ? [] : ['--without-pip']), folder]);
}

async function hasPip(python) {
  const { code, output } = await run(python, ['-c', 'import pip; print(pip.__version__)'], { allowFailure: true });
  const [major, minor] = output.split('.').map(Number);
  return code === 0 && (major > oldestPip[0] || (major === oldestPip[0] && minor >= oldestPip[1]));
}
