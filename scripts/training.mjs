// Installs what the snippets of docs/training.md and the samplers of other tools need into .cache/training: TensorFlow,
// RecBole, torch-rechub, polars and Arrow by pip, and PyTorch from Debian's packages, because pip's PyTorch includes
// gigabytes for graphics cards. Does not change the system. Idempotent: a stamp records that the installation is
// complete.
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cache, root } from './paths.mjs';
import { installPinned } from './python.mjs';
import { fail, findProgram, isMain, run, runDownload, say, ScriptError } from './process.mjs';
import { hashOf, isStamped, stamp } from './stamp.mjs';

const folder = path.join(cache, 'training');
const requirements = path.join(root, 'test', 'training', 'requirements.txt');
const stampFile = path.join(folder, 'installed');
const torchPackage = 'python3-torch';
const unpacked = path.join(folder, 'torch');
const site = path.join(folder, 'site');
const environment = path.join(folder, 'python');
/** What the tests import. */
const modules = 'torch tensorflow recbole torch_rechub pyarrow numpy polars';
/** Debian's PyTorch supports only this version. */
const pythonVersion = '3.11';

const libraries = [
  'usr/lib/x86_64-linux-gnu',
  'usr/lib',
  'lib/x86_64-linux-gnu',
  'usr/lib/x86_64-linux-gnu/blas',
  'usr/lib/x86_64-linux-gnu/lapack',
].map((one) => path.join(unpacked, one));

/** A Python with PyTorch, TensorFlow, RecBole and torch-rechub, and the environment variables that it needs to find them. */
export const training = {
  python: path.join(environment, 'bin', 'python'),
  env: { PYTHONPATH: site, LD_LIBRARY_PATH: libraries.join(':') },
};

export function hasTraining() {
  return isStamped(stampFile, wanted());
}

/** Installs it if it is missing. @throws {ScriptError} naming what is missing */
export async function ensureTraining() {
  if (hasTraining()) return;
  const python = await findPython();
  if (python === undefined) throw new ScriptError(`python ${pythonVersion} is not on PATH`);
  for (const program of ['apt-get', 'dpkg'])
    if (findProgram(program) === undefined)
      throw new ScriptError(`${program} is missing, and PyTorch comes from Debian's packages`);
  say('Installing PyTorch, TensorFlow, RecBole and torch-rechub for the tests of training (600 MB, once) …');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(site, { recursive: true });
  await installTorch();
  await installPinned(python, environment, requirements);
  // Only found, not imported: that takes 15 s of a processor, and the tests do it. They report a module that is broken.
  // If .cache/training is deleted, the next run installs all again.
  const find = `import sys, importlib.util as i; sys.exit([n for n in '${modules}'.split() if not i.find_spec(n)] or 0)`;
  const env = { ...process.env, ...training.env };
  const { code, output } = await run(training.python, ['-c', find], { allowFailure: true, env });
  if (code !== 0) throw new ScriptError(`modules of Python are missing after their installation: ${output}`);
  stamp(stampFile, wanted());
}

/** Unpacks the packages into one folder. Packages that the system already has are not needed. */
async function installTorch() {
  const missing = async () =>
    (await run('apt-get', ['install', '--simulate', '--no-install-recommends', torchPackage])).output
      .split('\n')
      .flatMap((line) => /^Inst (\S+)/.exec(line)?.[1] ?? []);
  let names = process.env.CI === 'true' ? undefined : await missing().catch(() => undefined);
  if (names === undefined) {
    await runDownload('apt-get', ['update', '-qq']);
    names = await missing();
  }
  const packages = path.join(folder, 'packages');
  mkdirSync(packages);
  await runDownload('apt-get', ['download', '-qq', ...new Set([torchPackage, ...names])], { cwd: packages });
  await run('sh', [
    '-c',
    'for file in "$1"/*.deb; do dpkg --extract "$file" "$2" || exit 1; done',
    'sh',
    packages,
    unpacked,
  ]);
  rmSync(packages, { recursive: true, force: true });
  const module = path.join(unpacked, 'usr', 'lib', 'python3', 'dist-packages', 'torch');
  if (!existsSync(module)) throw new ScriptError(`the package ${torchPackage} holds no PyTorch`);
  // Only this module is linked: the modules next to it belong to Debian's Python, and pip's must take precedence.
  symlinkSync(path.relative(site, module), path.join(site, 'torch'));
}

/** A Python of the right version. */
async function findPython() {
  for (const name of [`python${pythonVersion}`, 'python3']) {
    const program = findProgram(name);
    if (
      program !== undefined &&
      (
        await run(program, ['-c', `import sys; sys.exit('%d.%d' % sys.version_info[:2] != '${pythonVersion}')`], {
          allowFailure: true,
        })
      ).code === 0
    )
      return program;
  }
  return undefined;
}

const wanted = () => hashOf([readFileSync(requirements), readFileSync(fileURLToPath(import.meta.url))]);

if (isMain(fileURLToPath(import.meta.url))) ensureTraining().catch(fail);
