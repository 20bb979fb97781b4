import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { measured } from './auditCase.ts';
import { auditedStage, numbers, writtenSample, writtenWorld, type Sampled, type Shown } from './auditStage.ts';
import { assertLikeliest, usedRows } from './exponentLikelihood.ts';

const next = numbers(31);
const below = (n: number): number => Math.floor(next() * n);
const ITEMS = 30;
const items = Array.from({ length: ITEMS }, (_, item) => item);
/** Items with small ids are popular before noon, those with large ids after it. */
const log: Shown[] = Array.from({ length: 900 }, (_, k) => {
  const [hour, item] = [below(40), Math.min(below(ITEMS), below(ITEMS))];
  const request = `r${Math.floor(k / 6)}`;
  return { user: below(12), item: hour < 12 ? item : ITEMS - 1 - item, request, hour, click: next() < 0.4 };
});
const negatives = Array.from({ length: 1500 }, (_, k): Sampled => {
  const entry = ['pool', 'list', 'even'][k % 3] ?? '';
  return {
    user: below(12),
    item: Math.min(below(ITEMS), below(ITEMS)),
    label: 0,
    entry,
    request: 'r1',
    positive: 0,
    hour: 1,
  };
});
const own = await writtenWorld({
  log,
  candidates: [{ request: 'r1', item: 0, rank: 1 }],
  items: new Map(items.map((item) => [item, 'Rome'])),
  users: new Map([[0, 'gold']]),
});
const sample = await writtenSample(own, negatives, true);

/** Events of the config. */
const events = {
  click: ({ click }: Shown): boolean => click,
  first: ({ item }: Shown): boolean => item < 5,
};

/**
 * The mix of a config, and which clicks it counts and which events it excludes for `--split train` and `--split eval`.
 */
interface Mix {
  readonly mix: string;
  readonly smoothing: Readonly<Record<string, number>>;
  readonly isCounted: (entry: string, hour: number) => boolean;
  readonly excludes: Readonly<Record<string, readonly (keyof typeof events)[]>>;
}

const mixes: Readonly<Record<string, Mix>> = {
  'the cut, one exclusion for two entries': {
    mix: `pool: {source: popularity, exponent: 1, smoothing: 2, share: 0.5}
        list: {source: popularity, exponent: 0.5, smoothing: 2, share: 0.25, exclude: none}
        even: {source: global_random, share: 0.25}`,
    smoothing: { pool: 2, list: 2, even: 1 },
    isCounted: () => true,
    excludes: { pool: ['click'], even: ['click'] },
  },
  'the same items and exclusion for two entries': {
    mix: `pool: {source: popularity, exponent: 1, smoothing: 1, share: 0.5}
        list: {source: popularity, exponent: 0.5, smoothing: 1, share: 0.25, exclude: none}
        even: {source: global_random, share: 0.25}`,
    smoothing: { pool: 1, list: 1, even: 1 },
    isCounted: () => true,
    excludes: { pool: ['click'], even: ['click'] },
  },
  'a window before a time': {
    mix: `pool: {source: popularity, exponent: 1, smoothing: 1, share: 0.5, as_of: 2026-11-20T11:59:59, window: 6h}
        list: {source: popularity, exponent: 1, smoothing: 0, share: 0.25, exclude: none}
        even: {source: global_random, share: 0.25, exclude: none}`,
    smoothing: { pool: 1, list: 0, even: 1 },
    isCounted: (entry: string, hour: number) => entry !== 'pool' || (hour >= 6 && hour < 12),
    excludes: { pool: ['click'] },
  },
  'an exclusion by other events than the positives': {
    mix: `pool: {source: popularity, exponent: 1, smoothing: 2, share: 0.5, exclude: {events: [click, first], within: train}}
        list: {source: popularity, exponent: 0.5, smoothing: 2, share: 0.25, exclude: {events: [first], within: train}}
        even: {source: global_random, share: 0.25}`,
    smoothing: { pool: 2, list: 2, even: 1 },
    isCounted: () => true,
    excludes: { pool: ['click', 'first'], list: ['first'], even: ['click'] },
  },
};

suite('exponents of entries with their own counts and exclusions, by trying exponents', () => {
  for (const [title, { mix, smoothing, isCounted, excludes }] of Object.entries(mixes))
    for (const split of ['train', 'eval'] as const)
      test(`${title}: ${split}`, async () => {
        const { answer } = await auditedStage(own, sample, { mix, split });
        const [table] = measured(answer, 'exponent').tables;
        const place = (id: string): number => table?.columns.findIndex((column) => column.id === id) ?? -1;
        for (const [entry, added] of Object.entries(smoothing)) {
          const excluded = excludes[entry] ?? [];
          const clicked = log.filter(({ click, hour }) => click && hour < 24 && isCounted(entry, hour));
          // Evaluation excludes events until its end.
          const until = log.filter(
            (row) => (split === 'eval' || row.hour < 24) && excluded.some((event) => events[event](row)),
          );
          const draws = {
            items,
            countOf: (item: number) => clicked.filter((row) => row.item === item).length + added,
            isExcluded: (user: number, item: number) => until.some((row) => row.user === user && row.item === item),
            rows: negatives.filter((row) => row.entry === entry),
          };
          const row = table?.rows.find((one) => one[place('entry')] === entry);
          assert.equal(row?.[place('rows')], draws.rows.length);
          assert.ok(Math.abs(Number(row[place('used')]) - usedRows(draws).length / draws.rows.length) < 1e-9, entry);
          assertLikeliest(draws, Number(row[place('fitted')]), `${entry}, ${split}`);
        }
      });
});
