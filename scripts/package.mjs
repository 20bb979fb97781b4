// Packages the extension: one VSIX per platform, because the engine's native library is inside.
//   node scripts/package.mjs [--target linux-x64]      (default: this platform)
// The file goes to .cache/vsix/. Nothing is done while its sources are unchanged.
import {
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  closeSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';
import { cache, nodeModules, root } from './paths.mjs';
import { fail, isMain, readOptions, run, runDownload, say, ScriptError } from './process.mjs';
import { hashOf, hashOfFiles, isStamped, stamp } from './stamp.mjs';

/** VS Code targets that the engine has a library for. `isFor` checks the first bytes of that library. */
const targets = {
  'linux-x64': { os: 'linux', cpu: 'x64', libc: 'glibc', bindings: 'linux-x64', isFor: (b) => isElf(b, 0x3e) },
  'linux-arm64': { os: 'linux', cpu: 'arm64', libc: 'glibc', bindings: 'linux-arm64', isFor: (b) => isElf(b, 0xb7) },
  'alpine-x64': { os: 'linux', cpu: 'x64', libc: 'musl', bindings: 'linux-x64-musl', isFor: (b) => isElf(b, 0x3e) },
  'alpine-arm64': {
    os: 'linux',
    cpu: 'arm64',
    libc: 'musl',
    bindings: 'linux-arm64-musl',
    isFor: (b) => isElf(b, 0xb7),
  },
  'darwin-x64': { os: 'darwin', cpu: 'x64', bindings: 'darwin-x64', isFor: (b) => isMachO(b, 0x01000007) },
  'darwin-arm64': { os: 'darwin', cpu: 'arm64', bindings: 'darwin-arm64', isFor: (b) => isMachO(b, 0x0100000c) },
  'win32-x64': { os: 'win32', cpu: 'x64', bindings: 'win32-x64', isFor: (b) => isPortableExecutable(b, 0x8664) },
  'win32-arm64': { os: 'win32', cpu: 'arm64', bindings: 'win32-arm64', isFor: (b) => isPortableExecutable(b, 0xaa64) },
};

const isElf = (b, machine) => b.readUInt32BE(0) === 0x7f454c46 && b.readUInt16LE(18) === machine;
const isMachO = (b, cpuType) => b.readUInt32LE(0) === 0xfeedfacf && b.readUInt32LE(4) === cpuType;
const isPortableExecutable = (b, machine) =>
  b.toString('latin1', 0, 2) === 'MZ' && b.readUInt16LE(b.readUInt32LE(0x3c) + 4) === machine;

const packaged = [
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
  'package.nls.json',
  'package.nls.zh-cn.json',
  '.vscodeignore',
  'l10n',
  'media',
  'docs/rules',
];
const sources = [
  ...packaged,
  'src',
  'webview',
  'examples/demo',
  'scripts/build.mjs',
  'scripts/notices.mjs',
  'scripts/package.mjs',
  'package.json',
  'package-lock.json',
];

/** Options for a package without a repository: links of README stay relative. */
const unpublished = ['--allow-missing-repository', '--no-rewrite-relative-links'];

/**
 * The manifest with the addresses that a marketplace shows. The publisher sets one field,
 * `npm pkg set repository=https://HOST/OWNER/NAME`; the others follow from it unless they are set too.
 */
export function withAddresses(manifest) {
  if (manifest.repository === undefined) return manifest;
  const repository =
    typeof manifest.repository === 'string' ? { type: 'git', url: manifest.repository } : manifest.repository;
  const page = repository.url.replace(/^git\+/, '').replace(/\.git$/, '');
  const addresses = { bugs: { url: `${page}/issues` }, homepage: `${page}#readme`, qna: `${page}/discussions` };
  return { ...addresses, ...manifest, repository };
}

/** The target of the current machine. */
const thisTarget = `${process.platform}-${process.arch}`;

/** Packages the VSIX of a target if its sources changed. @returns its path */
export async function packageVsix(target = thisTarget) {
  const wanted = targets[target];
  if (wanted === undefined)
    throw new ScriptError(`No engine library for ${target}. Targets: ${Object.keys(targets).join(', ')}.`);
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const folder = path.join(cache, 'vsix');
  const vsix = path.join(folder, `${manifest.name}-${target}-${manifest.version}.vsix`);
  const made = hashOfFiles(sources.map((source) => path.join(root, source)));
  if (existsSync(vsix) && isStamped(`${vsix}.stamp`, made)) return vsix;

  const stage = path.join(folder, target);
  await stageDependencies(stage, manifest, wanted, target);
  for (const entry of [...packaged, 'dist']) rmSync(path.join(stage, entry), { recursive: true, force: true });
  for (const entry of packaged.filter((name) => existsSync(path.join(root, name))))
    cpSync(path.join(root, entry), path.join(stage, entry), { recursive: true });
  await build({ outdir: path.join(stage, 'dist'), production: true });

  rmSync(vsix, { force: true });
  const vsce = path.join(nodeModules, '@vscode', 'vsce', 'vsce');
  await run(
    process.execPath,
    [vsce, 'package', '--target', target, '--out', vsix, ...(manifest.repository === undefined ? unpublished : [])],
    { cwd: stage },
  );
  stamp(`${vsix}.stamp`, made);
  return vsix;
}

/** Installs the dependencies that ship, for the target's system. Reused while the lock file is unchanged. */
async function stageDependencies(
  stage,
  { scripts: _scripts, devDependencies: _development, files: _tarball, ...shipped },
  wanted,
  target,
) {
  const lock = readFileSync(path.join(root, 'package-lock.json'), 'utf8');
  const manifest = readFileSync(path.join(root, 'package.json'), 'utf8');
  const installed = hashOf([lock, JSON.stringify(shipped.dependencies), target]);
  const stampFile = path.join(stage, 'node_modules', '.staged');
  if (!isStamped(stampFile, installed)) {
    rmSync(stage, { recursive: true, force: true });
    mkdirSync(stage, { recursive: true });
    // npm ci checks the manifest against the lock file, so it needs the complete manifest.
    writeFileSync(path.join(stage, 'package.json'), manifest);
    writeFileSync(path.join(stage, 'package-lock.json'), lock);
    const libc = wanted.libc === undefined ? [] : [`--libc=${wanted.libc}`];
    await runDownload(
      'npm',
      [
        'ci',
        '--omit=dev',
        '--ignore-scripts',
        '--no-audit',
        '--no-fund',
        `--os=${wanted.os}`,
        `--cpu=${wanted.cpu}`,
        ...libc,
      ],
      { cwd: stage },
    );
    checkLibrary(stage, wanted, target);
    stamp(stampFile, installed);
  }
  writeFileSync(path.join(stage, 'package.json'), `${JSON.stringify(withAddresses(shipped), null, 2)}\n`);
}

/** Checks the staged native library: there must be exactly one, and its header must name the target's machine. */
function checkLibrary(stage, wanted, target) {
  const scope = path.join(stage, 'node_modules', '@duckdb');
  const found = readdirSync(scope).filter((name) => name.startsWith('node-bindings-'));
  if (found.length !== 1 || found[0] !== `node-bindings-${wanted.bindings}`) {
    throw new ScriptError(
      `The package for ${target} would hold ${found.join(', ') || 'no engine library'} instead of node-bindings-${wanted.bindings}.`,
    );
  }
  const head = Buffer.alloc(4096);
  const file = openSync(path.join(scope, found[0], 'duckdb.node'), 'r');
  try {
    readSync(file, head, 0, head.length, 0);
  } finally {
    closeSync(file);
  }
  if (!wanted.isFor(head)) throw new ScriptError(`The engine library staged for ${target} is not built for it.`);
}

if (isMain(fileURLToPath(import.meta.url))) {
  const { target } = readOptions({ target: { type: 'string', default: thisTarget } });
  packageVsix(target).then((vsix) => say(path.relative(process.cwd(), vsix)), fail);
}
