// `npm run bench -- NAME [TASK…]`: prepares what a benchmark needs (data, Python peers in their own environment) and
// runs it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { cache, dist, root } from './paths.mjs';
import { fail, findProgram, run, runDownload, say, ScriptError } from './process.mjs';
import { demoSources, hashOfFiles, isStamped, stamp } from './stamp.mjs';
import { ensureSpark, newestSpark } from './spark.mjs';
import { ensureTraining, training } from './training.mjs';

/** Scale of the demo that a benchmark reads; `RECSAMPLE_BENCH_SCALE` overrides it. */
const scales = { inspect: '20m', preview: '1m' };

/** Tasks of `sample` that are compared with RecBole. */
const besideRecBole = new Set(['sources', 'global_random', 'popularity']);

/** A demo workspace, kept in the cache while its generator stays the same. */
async function demo(scale) {
  const folder = path.join(cache, 'bench', scale);
  const stampFile = `${folder}.stamp`;
  const current = demoSources();
  if (!existsSync(folder) || !isStamped(stampFile, current)) {
    rmSync(folder, { recursive: true, force: true });
    say(`Writing the ${scale} demo (once) …`);
    await run(process.execPath, [path.join(dist, 'cli.cjs'), 'demo', folder, '--scale', scale], { show: true });
    stamp(stampFile, current);
  }
  return folder;
}

/** Python with the peers. Null if there is no Python; then the report has fewer rows, and a message says so. */
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
    // Created from scratch: an environment that was moved or is incomplete contains programs with wrong paths.
    await run(system, ['-m', 'venv', '--clear', folder]);
    await runDownload(path.join(folder, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', '-r', requirements]);
    stamp(mark, wanted);
  }
  return path.join(folder, 'bin', 'python');
}

/**
 * Python of the training guide with RecBole and PyTorch, if its environment exists or can be made. Otherwise null, and a
 * message says that the peer is left out.
 */
async function trainingPython(peer) {
  try {
    await ensureTraining();
    return training;
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    say(`${peer} is left out: ${error.message.split('\n')[0]}`);
    return null;
  }
}

/** Bundles JavaScript peers first, so that compiling TypeScript does not count in their first rows. */
function bundlePeers() {
  const peers = path.join(root, 'bench', 'peers');
  return build({
    entryPoints: [
      ...['recsample', 'duckdb', 'hyparquet', 'sampleSql', 'sequencesSql'].map((name) => ({
        in: path.join(peers, `${name}.ts`),
        out: name,
      })),
      { in: path.join(root, 'src', 'engine', 'process', 'worker.ts'), out: 'drawWorker' },
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
  if (['inspect', 'sample', 'sequences'].includes(args[0])) {
    const interpreter = await python();
    if (interpreter) env.RECSAMPLE_BENCH_PYTHON = interpreter;
    await bundlePeers();
  }
  if (args[0] === 'sample' && (args.length === 1 || args.slice(1).some((task) => besideRecBole.has(task)))) {
    const interpreter = await trainingPython('RecBole');
    if (interpreter) env.RECSAMPLE_BENCH_RECBOLE = JSON.stringify(interpreter);
  }
  if (args[0] === 'trial' && (args.length === 1 || args.includes('epoch'))) {
    const interpreter = await trainingPython('PyTorch');
    if (interpreter) env.RECSAMPLE_BENCH_TORCH = JSON.stringify(interpreter);
  }
  if (args[0] === 'spark') {
    await ensureSpark();
    env.RECSAMPLE_BENCH_SPARK = JSON.stringify(newestSpark);
  }
  // The report goes to standard output, the progress to standard error.
  const child = spawn(process.execPath, ['--import', 'tsx', path.join(root, 'bench', 'main.ts'), ...args], {
    cwd: root,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = await once(child, 'close');
  process.exitCode = code ?? 1;
}

main().catch(fail);
