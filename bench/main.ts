import path from 'node:path';
import { benchInspect } from './inspect/run.ts';
import { benchLint, tasks as lintTasks } from './lint/run.ts';
import { benchPreview, tasks as previewTasks } from './preview/run.ts';
import { benchFiles, fileTasks, type FileTask } from './sample/files/run.ts';
import { benchSample, tasks as sampleTasks } from './sample/run.ts';
import { taskNames, tasks, type Task } from './inspect/tasks.ts';

interface Bench {
  readonly about: string;
  readonly tasks: Readonly<Record<string, string>>;
  readonly run: (environment: NodeJS.ProcessEnv, only: readonly string[]) => Promise<string>;
}

/** Benchmarks by name; `scripts/bench.mjs` prepares data and peers and calls this. */
const benches: Readonly<Record<string, Bench>> = {
  inspect: {
    about: 'looking at 20 million impressions',
    tasks,
    run: (environment, only) =>
      benchInspect({
        folder: environment.RECSAMPLE_BENCH_DEMO === undefined ? '' : path.join(environment.RECSAMPLE_BENCH_DEMO, 'data', 'impressions'),
        python: environment.RECSAMPLE_BENCH_PYTHON ?? null,
        only: only.length === 0 ? null : taskNames.filter((name: Task) => only.includes(name)),
        progress: say,
      }),
  },
  lint: {
    about: 'what a keystroke in a ratio config takes: reading it, and the rules that need the text alone',
    tasks: lintTasks,
    run: (_, only) => Promise.resolve(benchLint(only.length === 0 ? null : only)),
  },
  preview: {
    about: 'what the preview panel waits for, on the demo of a million impressions',
    tasks: previewTasks,
    run: (environment, only) => benchPreview(environment.RECSAMPLE_BENCH_DEMO ?? '', only.length === 0 ? null : only, say),
  },
  sample: {
    about: 'negatives drawn by the kernel alone, ten for each positive; and whole files',
    tasks: { ...sampleTasks, ...fileTasks },
    run: async (environment, only) => {
      const python = environment.RECSAMPLE_BENCH_PYTHON ?? null;
      const asked = (task: string): boolean => only.length === 0 || only.includes(task);
      const sources = Object.keys(sampleTasks).filter(asked);
      const reports = sources.length === 0 ? [] : [await benchSample(python, sources, say)];
      for (const task of (Object.keys(fileTasks) as FileTask[]).filter(asked)) reports.push(await benchFiles(task, path.resolve(import.meta.dirname, '../.cache/bench'), python, say));
      return reports.join('\n\n');
    },
  },
};

const say = (text: string) => void process.stderr.write(`${text}\n`);

const [name, ...only] = process.argv.slice(2);
const bench = name === undefined ? undefined : benches[name];
const unknown = bench === undefined ? name : only.find((task) => !(task in bench.tasks));
if (bench !== undefined && unknown === undefined) process.stdout.write(`${await bench.run(process.env, only)}\n`);
else {
  const lines = Object.entries(benches).flatMap(([key, { about, tasks: all }]) => [`  ${key}: ${about}`, ...Object.entries(all).map(([task, text]) => `    ${task}: ${text}`)]);
  if (unknown !== undefined) process.stderr.write(`There is no benchmark or task "${unknown}".\n`);
  (unknown === undefined ? process.stdout : process.stderr).write(`npm run bench -- NAME [TASK…]\n${lines.join('\n')}\n`);
  if (unknown !== undefined) process.exitCode = 2;
}
