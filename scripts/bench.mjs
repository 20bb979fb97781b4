// `npm run bench -- NAME [TASK…]`: prepares what a benchmark needs (data, Python peers in an environment of their own) and runs it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { cache, dist, root } from './paths.mjs';
import { fail, findProgram, run, runDownload, say, ScriptError } from './process.mjs';
import { hashOfFiles, isStamped, stamp } from './stamp.mjs';
import { ensureTraining, training } from './training.mjs';

/** Scale of the demo that a benchmark reads; `RECSAMPLE_BENCH_SCALE` takes another. */
const scales = { inspect: '20m', preview: '1m' };

/** Tasks of `sample` that have RecBole beside them. */
const besideRecBole = new Set(['sources', 'global_random', 'popularity']);

/** A demo workspace: made once, kept in the cache. */
async function demo(scale) {
  const folder = path.join(cache, 'bench', scale);
  if (!existsSync(folder)) {
    say(`Writing the ${scale} demo (once) …`);
    await run(process.execPath, [path.join(dist, 'cli.cjs'), 'demo', folder, '--scale', scale], { show: true });
  }
  return folder;
}

/** Python with the peers, or null where there is no Python: then the report has fewer rows, which is said. */
async function python() {
  const system = findProgram('python3');
  if (!system) {
    say('No python3 found: pyarrow, polars and pandas are left out.');
    return null;
  }
  const requirements = path.join(root, 'bench', 'peers', 'requirements.txt');
  const folder = path.join(cache, 'bench', 'python');
  const mark = path.join(folder, '.recsample');
  const wanted = hashOfFiles([requirements]);
  if (!isStamped(mark, wanted)) {
    say('Installing the Python peers (once) …');
    // Anew: one that was made in another place, or half, has programs that lead nowhere.
    await run(system, ['-m', 'venv', '--clear', folder]);
    await runDownload(path.join(folder, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', '-r', requirements]);
    stamp(mark, wanted);
  }
  return path.join(folder, 'bin', 'python');
}

/** RecBole's sampler, where the environment of the guide to training is there or can be made; else null, which is said. */
async function recBole() {
  try {
    await ensureTraining();
    return training;
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    say(`RecBole is left out: ${error.message.split('\n')[0]}`);
    return null;
  }
}

/** Peers in JavaScript are bundled first, so that no peer pays for compiling TypeScript in its first rows. */
function bundlePeers() {
  const peers = path.join(root, 'bench', 'peers');
  return build({
    entryPoints: [
      ...['recsample', 'duckdb', 'hyparquet', 'sampleSql'].map((name) => ({
        in: path.join(peers, `${name}.ts`),
        out: name,
      })),
      { in: path.join(root, 'src', 'engine', 'sampling', 'threads', 'drawWorker.ts'), out: 'drawWorker' },
    ],
    outdir: path.join(peers, '.build'),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['@duckdb/node-api'],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    define: { 'import.meta.dirname': JSON.stringify(peers) },
    logLevel: 'warning',
  });
}

async function main() {
  const args = process.argv.slice(2);
  const env = { ...process.env };
  const scale = scales[args[0] ?? ''];
  if (scale !== undefined) env.RECSAMPLE_BENCH_DEMO = await demo(process.env.RECSAMPLE_BENCH_SCALE ?? scale);
  if (args[0] === 'inspect' || args[0] === 'sample') {
    const interpreter = await python();
    if (interpreter) env.RECSAMPLE_BENCH_PYTHON = interpreter;
    await bundlePeers();
  }
  if (args[0] === 'sample' && (args.length === 1 || args.slice(1).some((task) => besideRecBole.has(task)))) {
    const interpreter = await recBole();
    if (interpreter) env.RECSAMPLE_BENCH_RECBOLE = JSON.stringify(interpreter);
  }
  // The report goes to standard output as it is, what runs now to standard error.
  const child = spawn(process.execPath, ['--import', 'tsx', path.join(root, 'bench', 'main.ts'), ...args], {
    cwd: root,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = await once(child, 'close');
  process.exitCode = code ?? 1;
}

main().catch(fail);
