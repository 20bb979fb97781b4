import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Case, Outcome, Step } from './case.ts';
import { Dice } from './dice.ts';
import { judgeExpectation } from './expectation.ts';
import { judge, judgeShipped } from './judge.ts';
import type { Seeds } from './seeds.ts';
import type { Target } from './target.ts';
import { Death, type WatchedWorker } from './watchedWorker.ts';

/** The folder for failing cases. */
const results = path.join(import.meta.dirname, '../results/fuzz');
const mostRounds = 5;

/** A mutant that failed a check. */
export interface Finding {
  readonly target: string;
  readonly seed: string;
  readonly index: number;
  readonly problem: string;
  readonly case: Case;
}

export interface FuzzOptions {
  readonly seed: string;
  readonly worker: WatchedWorker;
  readonly seeds: Seeds;
  /** The folder of the bundles. */
  readonly dist: string;
  /** Indices of the mutants to try. */
  readonly indices: Iterable<number>;
}

/** Tries mutants of a target. @returns the findings, and the number of mutants */
export async function fuzzTarget(
  target: Target,
  { indices, seed, worker, seeds, dist }: FuzzOptions,
): Promise<{ readonly findings: Finding[]; readonly mutants: number }> {
  const findings: Finding[] = [];
  let mutants = 0;
  for (const index of indices) {
    mutants++;
    const dice = (): Dice => new Dice(`${seed}/${target.name}/${index}`);
    const shipped = new Dice(`${seed}/${target.name}/${index}/shipped`).chance(target.shipped ?? 0);
    const rounds = 1 + new Dice(`${seed}/${target.name}/${index}/rounds`).below(mostRounds);
    const mutant = target.mutant(dice(), seeds, rounds);
    const problem = await tryCase(mutant, worker, shipped ? dist : null);
    if (problem === null) continue;
    // Fewer mutations of the same kind may be enough.
    let least = { case: mutant, problem };
    for (let fewer = 1; fewer < rounds; fewer++) {
      const smaller = target.mutant(dice(), seeds, fewer);
      const same = await tryCase(smaller, worker, shipped ? dist : null);
      if (same === null) continue;
      least = { case: smaller, problem: same };
      break;
    }
    findings.push({ target: target.name, seed, index, ...least });
  }
  return { findings, mutants };
}

/**
 * The problem with the outcome of a case; null if there is none. @param dist folder of the bundles, if command lines
 * also run in the shipped form
 */
export async function tryCase(
  { files, links, steps }: Case,
  worker: WatchedWorker,
  dist: string | null,
): Promise<string | null> {
  const folder = path.join(worker.world, 'case');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, Buffer.from(content, 'base64'));
  }
  for (const [name, to] of Object.entries(links ?? {})) symlinkSync(to, path.join(folder, name));
  worker.beginCase();
  for (const step of steps.map((one) => placed(one, folder, worker.world))) {
    const outcome = await worker.run(step, folder);
    const problem = outcome instanceof Death ? outcome.reason : judge(step, outcome);
    if (problem !== null) return `${describeStep(step)}: ${problem}`;
    const difference = await judgeResult(step, outcome, folder);
    if (difference !== null) return `${describeStep(step)}: ${difference}`;
    if (dist === null || step.kind !== 'cli' || outcome instanceof Death || outcome.kind !== 'cli') continue;
    const shipped = await worker.runShipped(step.args, folder, dist);
    if (shipped instanceof Death) return `${describeStep(step)}: ${shipped.reason}`;
    const other = judgeShipped(outcome, shipped);
    if (other !== null) return `${describeStep(step)}: ${other}`;
  }
  return null;
}

async function judgeResult(step: Step, outcome: Outcome | Death, folder: string): Promise<string | null> {
  if (step.kind !== 'cli' || step.expects === undefined) return null;
  if (outcome instanceof Death || outcome.kind !== 'cli' || outcome.code !== 0) return null;
  return await judgeExpectation(step.expects, folder, outcome);
}

/** Stores a finding for a replay. @returns the command that replays it */
export function keepFinding(finding: Finding): string {
  mkdirSync(results, { recursive: true });
  const file = path.join(results, `${finding.target}-${finding.seed}-${finding.index}.json`.replace(/[^\w.-]/g, '_'));
  writeFileSync(file, `${JSON.stringify(finding, null, 1)}\n`);
  return `npm run fuzz -- --replay ${path.relative(path.join(import.meta.dirname, '../..'), file)}`;
}

/** @throws Error if it is not a stored finding */
export function readFinding(file: string): Finding {
  if (!existsSync(file)) throw new Error(`There is no file ${file}`);
  return JSON.parse(readFileSync(file, 'utf8')) as Finding;
}

/** The step with its placeholders replaced by the folders. */
function placed(step: Step, folder: string, world: string): Step {
  const text = (value: string): string => value.replaceAll('{folder}', folder).replaceAll('{world}', world);
  const all = (value: unknown): unknown => {
    if (typeof value === 'string') return text(value);
    if (Array.isArray(value)) return value.map(all);
    return typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, all(inner)]))
      : value;
  };
  return all(step) as Step;
}

function describeStep(step: Step): string {
  return step.kind === 'cli'
    ? `recsample ${step.args.join(' ')}`
    : `${step.method} ${JSON.stringify(step.params).slice(0, 500)}`;
}
