import { base64, type Step } from '../case.ts';
import type { Dice } from '../dice.ts';
import { nameParts } from '../hostile.ts';
import type { Target } from '../target.ts';
import { writeParquet, type ParquetField } from '../writeParquet.ts';

const rows = 4;
const hour = 3_600_000_000n;
const values = Array.from({ length: rows }, (_, k) => BigInt(k));
const needed: readonly ParquetField[] = [
  { name: 'user_id', kind: 'int64', values },
  { name: 'item_id', kind: 'int64', values },
  { name: 'is_click', kind: 'int32', values: values.map((value) => value % 2n) },
  { name: 'ts', kind: 'timestamp-us', values: values.map((value) => 1_793_500_000_000_000n + value * hour) },
];

/** Names of few different parts, so that some are combined often. */
function namesOf(dice: Dice): () => string {
  const parts = Array.from({ length: 2 + dice.below(4) }, () => dice.pick(nameParts));
  return () => Array.from({ length: dice.below(6) }, () => dice.pick(parts)).join('');
}

/** A struct, or a number. `name`: gives the name of each field. */
function field(dice: Dice, depth: number, name: () => string): ParquetField {
  const own = name();
  if (depth === 0 || dice.chance(0.3)) return { name: own, kind: 'int64', values };
  const names = new Set<string>();
  const fields = Array.from({ length: 1 + dice.below(3) }, () => field(dice, depth - 1, name));
  return { name: own, fields: fields.filter((one) => !names.has(one.name) && names.add(one.name)) };
}

const config = (log: string, column: string): string =>
  JSON.stringify({
    version: 1,
    seed: 1,
    data: { impressions: { path: log, columns: { user: 'user_id', item: 'item_id', time: 'ts' } } },
    events: { click: 'is_click' },
    stages: {
      recall: {
        unit: 'positive',
        positives: { events: { click: 1 } },
        negatives: { per_positive: { exposed_random: 1 } },
      },
    },
    output: { pass_through: [column] },
  });

/** The same tree with plain names in the same order. */
function renamed(tree: ParquetField, count: { next: number }): ParquetField {
  const name = `f${count.next++}`;
  return 'fields' in tree ? { name, fields: tree.fields.map((one) => renamed(one, count)) } : { ...tree, name };
}

/** Jobs for Spark from a file with hostile names at every depth: refused, or only texts of the job differ. */
export const sparkNames: Target = {
  name: 'spark-names',
  short: 8,
  shipped: 0.02,
  mutant(dice) {
    const ending = dice.pick(['.py', '.py', '.sql']);
    const isPlain = dice.chance(0.8);
    const tree = field(dice, 3, namesOf(dice));
    const top = isPlain ? { ...tree, name: 'extra' } : tree;
    const plain = { ...renamed(tree, { next: 0 }), name: 'extra' };
    const file = (text: string): string => base64(new TextEncoder().encode(text));
    const spark = (name: string, out: string): string[] => [
      'spark',
      name,
      '--root',
      '{folder}',
      '--output',
      'rows',
      '--out',
      out,
    ];
    const steps: Step[] = [
      { kind: 'cli', args: spark('plain.ratio.json', `plain${ending}`), accepted: true },
      {
        kind: 'cli',
        args: spark('c.ratio.json', `job${ending}`),
        expects: { kind: 'job', file: `job${ending}`, like: `plain${ending}` },
      },
    ];
    return {
      files: {
        'plain.parquet': base64(writeParquet(rows, [...needed, plain])),
        'log.parquet': base64(writeParquet(rows, [...needed, top])),
        'plain.ratio.json': file(config('plain.parquet', 'extra')),
        'c.ratio.json': file(config('log.parquet', top.name)),
      },
      steps,
    };
  },
};
