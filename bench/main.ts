import path from 'node:path';
import { parseArgs } from 'node:util';
import { benchDefects } from './audit/defects/run.ts';
import { auditTasks, benchAudit, type AuditTask } from './audit/run.ts';
import { benchGroups, groupTasks, type GroupTask } from './groups/run.ts';
import { benchInspect } from './inspect/run.ts';
import { benchLint, tasks as lintTasks } from './lint/run.ts';
import { benchPreview, tasks as previewTasks } from './preview/run.ts';
import { benchFiles, fileTasks, type FileTask } from './sample/files/run.ts';
import { interpretersOf } from './sample/interpreters.ts';
import { benchSample, tasks as sampleTasks } from './sample/run.ts';
import { benchSequences, sequenceTasks, type SequenceTask } from './sequences/run.ts';
import { taskNames, tasks, type Task } from './inspect/tasks.ts';
import { benchAlias } from './spark/alias.ts';
import { benchSpark, sparkSizes, sparkTasks } from './spark/run.ts';
import { benchSkew } from './spark/skew.ts';
import type { SparkPrograms } from './spark/submit.ts';
import { benchEpoch, benchWholeTrial, type TorchPython } from './trial/speed.ts';
import { benchMovieLens, benchWorlds } from './trial/worlds.ts';
import { benchYaml } from './yaml/run.ts';

interface Bench {
  readonly about: string;
  readonly tasks: Readonly<Record<string, string>>;
  readonly run: (environment: NodeJS.ProcessEnv, only: readonly string[]) => Promise<string>;
}

/** A task of `sample` that represents several tasks. */
const everySource = 'sources';
/** Repetitions of drawing and of making a file; `RECSAMPLE_BENCH_REPEATS` overrides it. */
const REPEATS = 5;
const FILE_REPEATS = 3;
/**
 * Healthy worlds of `audit defects`, demos as users get them, and worlds with each defect. Limits were chosen with the
 * seeds before the first.
 */
const CLEAN_WORLDS = 300;
const DEMO_WORLDS = 40;
const DEFECT_WORLDS = 20;
const FIRST_SEED = 21;
/** Simulated worlds of each kind that `trial worlds` makes, and seeds of each of its trials. */
const WORLDS_OF_TRIALS = 3;
const SEEDS_OF_TRIALS = 2;
/** The number of a scale like `1m`; Infinity if no scale is given. */
const millionsOf = (scale: string | undefined): number => Number(/^(\d+)m$/.exec(scale ?? '')?.[1] ?? Infinity);

/** Reports about samples of the shop: of the tasks that were named, else of all up to `RECSAMPLE_BENCH_SCALE`. */
async function sampleReports<T extends string>(
  environment: NodeJS.ProcessEnv,
  only: readonly string[],
  tasks: readonly T[],
  bench: (
    task: T,
    options: { readonly cache: string; readonly repeats: number; readonly progress: (text: string) => void },
  ) => Promise<string>,
): Promise<string[]> {
  const largest = millionsOf(environment.RECSAMPLE_BENCH_SCALE);
  const reports: string[] = [];
  for (const task of tasks) {
    if (only.length === 0 ? millionsOf(task) > largest : !only.includes(task)) continue;
    reports.push(
      await bench(task, {
        cache: path.resolve(import.meta.dirname, '../.cache/bench'),
        repeats: Number(environment.RECSAMPLE_BENCH_REPEATS ?? FILE_REPEATS),
        progress: say,
      }),
    );
  }
  return reports;
}

/** Benchmarks by name. `scripts/bench.mjs` prepares data and peers and calls this script. */
const benches: Readonly<Record<string, Bench>> = {
  inspect: {
    about: 'looking at 20 million impressions',
    tasks,
    run: (environment, only) =>
      benchInspect({
        folder:
          environment.RECSAMPLE_BENCH_DEMO === undefined
            ? ''
            : path.join(environment.RECSAMPLE_BENCH_DEMO, 'data', 'impressions'),
        python: environment.RECSAMPLE_BENCH_PYTHON ?? null,
        only: only.length === 0 ? null : taskNames.filter((name: Task) => only.includes(name)),
        progress: say,
      }),
  },
  groups: {
    about: 'the rows of a sample file by positive, request, user and day',
    tasks: groupTasks,
    run: async (environment, only) =>
      (await sampleReports(environment, only, Object.keys(groupTasks) as GroupTask[], benchGroups)).join('\n\n'),
  },
  audit: {
    about: 'auditing a sample file, phase by phase, beside one statement of DuckDB; and what the audit finds',
    tasks: {
      ...auditTasks,
      defects:
        'only if named: false alarms in healthy worlds, and the smallest strength of each defect that is found; `--worlds CLEAN,DEMOS,PLANTED` for other numbers than 300,40,20; `--defects LIST` for some of them only; Ctrl+C ends it after the present world',
    },
    run: async (environment, only) => {
      const reports = await sampleReports(environment, only, Object.keys(auditTasks) as AuditTask[], benchAudit);
      if (only.includes('defects')) {
        const worldNumbers = environment.RECSAMPLE_BENCH_WORLDS?.split(',').map(Number) ?? [];
        const [clean = CLEAN_WORLDS, demos = DEMO_WORLDS, planted = DEFECT_WORLDS] = worldNumbers;
        const stop = new AbortController();
        process.once('SIGINT', () => {
          stop.abort();
        });
        const firstSeed = Number(environment.RECSAMPLE_BENCH_SEED ?? FIRST_SEED);
        const names = environment.RECSAMPLE_BENCH_DEFECTS?.split(',') ?? null;
        const worlds = { clean, demos, planted, firstSeed, names };
        reports.push(await benchDefects({ ...worlds, progress: say, signal: stop.signal }));
      }
      return reports.join('\n\n');
    },
  },
  trial: {
    about: 'the probe model of a trial: a whole trial, and an epoch next to PyTorch',
    tasks: {
      whole: 'two configs, five seeds, 100,000 positives with ten negatives each; needs `node scripts/build.mjs`',
      epoch: 'one epoch of 100,000 and of a million positives, and the same in PyTorch on one thread',
      worlds:
        'only if named: pairs of configs that a trial orders as the truth does, in simulated logs; `RECSAMPLE_BENCH_REPEATS` worlds of each kind',
      movielens: 'only if named: differences of eight mixes in a simulated log of the size of ML-100K',
    },
    run: async (environment, only) => {
      const bench = {
        firstSeed: Number(environment.RECSAMPLE_BENCH_SEED ?? FIRST_SEED),
        repeats: Number(environment.RECSAMPLE_BENCH_REPEATS ?? WORLDS_OF_TRIALS),
        seeds: SEEDS_OF_TRIALS,
        progress: say,
      };
      const torch =
        environment.RECSAMPLE_BENCH_TORCH === undefined
          ? null
          : (JSON.parse(environment.RECSAMPLE_BENCH_TORCH) as TorchPython);
      const isSelected = (task: string): boolean => only.length === 0 || only.includes(task);
      return [
        ...(isSelected('whole') ? [await benchWholeTrial(say)] : []),
        ...(isSelected('epoch') ? [await benchEpoch(torch, say)] : []),
        ...(only.includes('movielens') ? [await benchMovieLens(bench)] : []),
        ...(only.includes('worlds') ? [await benchWorlds(bench)] : []),
      ].join('\n\n');
    },
  },
  lint: {
    about: 'what a keystroke in a ratio config takes: reading it, and the rules that need the text alone',
    tasks: lintTasks,
    run: (_, only) => Promise.resolve(benchLint(only.length === 0 ? null : only)),
  },
  yaml: {
    about: 'findings and completions at 50 moments of typing: our YAML reader, and the library alone',
    tasks: { texts: 'also prints every finding and completion' },
    run: (_, only) => benchYaml(path.resolve(import.meta.dirname, '..'), { texts: only.includes('texts') }),
  },
  preview: {
    about: 'what the preview panel waits for, on the demo of a million impressions',
    tasks: previewTasks,
    run: (environment, only) =>
      benchPreview(environment.RECSAMPLE_BENCH_DEMO ?? '', only.length === 0 ? null : only, say),
  },
  sample: {
    about: 'negatives drawn by the kernel alone, ten for each positive, and by Python; and whole files',
    tasks: { [everySource]: 'all sources that follow, one after another', ...sampleTasks, ...fileTasks },
    run: async (environment, only) => {
      const isSelected = (task: string): boolean => only.length === 0 || only.includes(task);
      const sources = Object.keys(sampleTasks).filter((source) => isSelected(source) || only.includes(everySource));
      const repeats = Number(environment.RECSAMPLE_BENCH_REPEATS ?? REPEATS);
      const reports =
        sources.length === 0 ? [] : [await benchSample(interpretersOf(environment), sources, repeats, say)];
      for (const task of (Object.keys(fileTasks) as FileTask[]).filter(isSelected)) {
        reports.push(
          await benchFiles(task, {
            cache: path.resolve(import.meta.dirname, '../.cache/bench'),
            python: environment.RECSAMPLE_BENCH_PYTHON ?? null,
            repeats: Number(environment.RECSAMPLE_BENCH_REPEATS ?? FILE_REPEATS),
            largest: millionsOf(environment.RECSAMPLE_BENCH_SCALE) * 1e6,
            progress: say,
          }),
        );
      }
      return reports.join('\n\n');
    },
  },
  sequences: {
    about: 'rows with the newest clicks before their request as lists, from Parquet to Parquet; and the same by peers',
    tasks: sequenceTasks,
    run: async (environment, only) => {
      const reports: string[] = [];
      for (const task of Object.keys(sequenceTasks) as SequenceTask[])
        if (only.length === 0 || only.includes(task))
          reports.push(
            await benchSequences(task, {
              cache: path.resolve(import.meta.dirname, '../.cache/bench'),
              python: environment.RECSAMPLE_BENCH_PYTHON ?? null,
              repeats: Number(environment.RECSAMPLE_BENCH_REPEATS ?? FILE_REPEATS),
              progress: say,
            }),
          );
      return reports.join('\n\n');
    },
  },
  spark: {
    about: 'a job on Apache Spark with two cores, beside a job with rand() and the local file',
    tasks: sparkTasks,
    run: async (environment, only) => {
      const [version, spark] = JSON.parse(environment.RECSAMPLE_BENCH_SPARK ?? '[]') as [string, SparkPrograms];
      const isSelected = (task: string): boolean => only.length === 0 || only.includes(task);
      const options = {
        cache: path.resolve(import.meta.dirname, '../.cache/bench'),
        version,
        spark,
        sizes: Object.entries(sparkSizes)
          .filter(([task]) => isSelected(task))
          .map(([, positives]) => positives),
        repeats: Number(environment.RECSAMPLE_BENCH_REPEATS ?? FILE_REPEATS),
        progress: say,
      };
      return [
        ...(options.sizes.length === 0 ? [] : [await benchSpark(options)]),
        ...(isSelected('skew') ? [await benchSkew(options)] : []),
        ...(isSelected('alias') ? [await benchAlias(options)] : []),
      ].join('\n\n');
    },
  },
};

const say = (text: string) => void process.stderr.write(`${text}\n`);

const { values, positionals } = parseArgs({
  options: { worlds: { type: 'string' }, defects: { type: 'string' } },
  allowPositionals: true,
});
const [name, ...only] = positionals;
const environment = {
  ...process.env,
  ...(values.worlds === undefined ? {} : { RECSAMPLE_BENCH_WORLDS: values.worlds }),
  ...(values.defects === undefined ? {} : { RECSAMPLE_BENCH_DEFECTS: values.defects }),
};
const bench = name === undefined ? undefined : benches[name];
const unknown = bench === undefined ? name : only.find((task) => !(task in bench.tasks));
if (bench !== undefined && unknown === undefined) process.stdout.write(`${await bench.run(environment, only)}\n`);
else {
  const lines = Object.entries(benches).flatMap(([key, { about, tasks: all }]) => [
    `  ${key}: ${about}`,
    ...Object.entries(all).map(([task, text]) => `    ${task}: ${text}`),
  ]);
  if (unknown !== undefined) process.stderr.write(`There is no benchmark or task "${unknown}".\n`);
  (unknown === undefined ? process.stdout : process.stderr).write(
    `npm run bench -- NAME [TASK…]\n${lines.join('\n')}\n`,
  );
  if (unknown !== undefined) process.exitCode = 2;
}
