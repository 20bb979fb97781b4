// `npm run fuzz`: see docs/dev/fuzzing.md.
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { fuzzTarget, keepFinding, readFinding, tryCase, type Finding } from './fuzzTarget.ts';
import type { Target } from './target.ts';
import { targets } from './targets/registry.ts';
import { makeWorld } from './world.ts';

const help = `npm run fuzz -- [--minutes N] [--seed S] [--only TARGET] [--iterations N] [--first N] [--replay FILE]

  --minutes     how long. Default: 1
  --seed        equal seeds try the same mutants in the same order. Default: the date
  --only        ${targets.map(({ name }) => name).join(', ')}
  --iterations  so many mutants of each target, however long that takes
  --first       index of the first mutant. Default: 0
  --replay      a case that was kept in test/results/fuzz`;
/** Mutants of a target per turn. */
const turn = 20;

const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

async function replay(file: string, dist: string): Promise<number> {
  const finding = readFinding(file);
  const world = await makeWorld();
  try {
    const problem = await tryCase(finding.case, world.worker, dist);
    print(problem === null ? `${file}: nothing is wrong any more` : `${finding.target} ${finding.index}: ${problem}`);
    return problem === null ? 0 : 1;
  } finally {
    await world.remove();
  }
}

interface Plan {
  readonly seed: string;
  readonly chosen: readonly Target[];
  readonly first: number;
  readonly iterations: number;
  /** Milliseconds of `performance.now()`. */
  readonly until: number;
  readonly dist: string;
}

/** Gives the workers turns of mutants until the time is over or all mutants are tried. */
async function fuzz({ seed, chosen, first, iterations, until, dist }: Plan): Promise<number> {
  const counts = new Map(chosen.map(({ name }) => [name, { mutants: 0, findings: 0 }]));
  const turns = (function* () {
    for (let from = first; from < first + iterations; from += turn) {
      for (const target of chosen) yield { target, from, end: Math.min(from + turn, first + iterations) };
    }
  })();
  function* indices(from: number, end: number): Generator<number> {
    for (let k = from; k < end && performance.now() < until; k++) yield k;
  }
  const work = async (): Promise<void> => {
    const world = await makeWorld();
    try {
      for (const { target, from, end } of turns) {
        if (performance.now() >= until) return;
        const { findings, mutants } = await fuzzTarget(target, { indices: indices(from, end), seed, dist, ...world });
        const count = counts.get(target.name);
        if (count) {
          count.mutants += mutants;
          count.findings += findings.length;
        }
        findings.forEach(report);
      }
    } finally {
      await world.remove();
    }
  };
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work));
  for (const [name, { mutants, findings }] of counts)
    print(`${name.padEnd(16)} ${String(mutants).padStart(8)} mutants  ${findings} findings`);
  const all = [...counts.values()];
  print(
    `${all.reduce((sum, { mutants }) => sum + mutants, 0)} mutants, ${all.reduce((sum, { findings }) => sum + findings, 0)} findings, seed ${seed}`,
  );
  return all.some(({ findings }) => findings > 0) ? 1 : 0;
}

function report(finding: Finding): void {
  print(`\n✖ ${finding.target} ${finding.index}: ${finding.problem}\n  ${keepFinding(finding)}`);
}

async function main(): Promise<number> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: {
      minutes: text,
      seed: text,
      only: text,
      iterations: text,
      first: text,
      replay: text,
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) {
    print(help);
    return 0;
  }
  const dist = process.env.RECSAMPLE_DIST ?? '';
  if (values.replay !== undefined) return await replay(values.replay, dist);
  const number = (name: string, value: string | undefined, otherwise: number): number => {
    const given = value === undefined ? otherwise : Number(value);
    if (!(given >= 0)) throw new Error(`--${name} takes a number, not "${value ?? ''}".\n\n${help}`);
    return given;
  };
  const names = values.only?.split(',');
  const chosen = targets.filter(({ name }) => names?.includes(name) ?? true);
  if (chosen.length === 0) throw new Error(`No target "${values.only ?? ''}".\n\n${help}`);
  const iterations = number('iterations', values.iterations, Infinity);
  const minutes = number('minutes', values.minutes, iterations === Infinity ? 1 : Infinity);
  return await fuzz({
    seed: values.seed ?? new Date().toISOString().slice(0, 10),
    chosen,
    dist,
    iterations,
    first: number('first', values.first, 0),
    until: performance.now() + minutes * 60_000,
  });
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  },
);
