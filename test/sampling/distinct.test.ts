import '../engine/twoThreads.ts';
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ownNames } from '../../src/core/data/outputName.ts';
import type { SampleSummary } from '../../src/core/sampling/sampleSummary.ts';
import type { SamplingRequest } from '../../src/protocol/sampling.ts';
import { engine, folder } from '../engine/fixture.ts';
import { Dice } from './dice.ts';
import { previewOf, requestOf } from './sampled.ts';
import { makeShop, recallOf, shopWorld } from './shop.ts';
import { WorldFiles } from './worldFiles.ts';
import type { EntryDraft, NegativesDraft, StageDraft } from './world.ts';

// `distinct`: of an item that several entries draw for a group, only the row of the first entry is in the file.
let files: WorldFiles;
before(async () => {
  files = await WorldFiles.open();
});
after(() => {
  files.close();
});

const shop = makeShop('distinct', 30, 60);
const users = Array.from({ length: 30 }, (_, k) => `user-${k}`);
const window = {
  train: { from: '2026-11-01', to: '2026-11-06' },
  eval: { from: '2026-11-07', to: '2026-11-10' },
};
const pools: Record<string, EntryDraft> = {
  random: { source: 'global_random', count: 6 },
  again: { source: 'global_random', count: 5 },
  popularity: { count: 4, exponent: 0.75 },
};
const lists: Record<string, EntryDraft> = {
  exposed_unclicked: 4,
  hard_rank: { count: 6, ranks: [1, 12] },
  hard_score: { count: 6, top: 12 },
  ranked_unexposed: 5,
  coarse_filtered: { count: 5, by: 'channel' },
  global_random: 6,
};
const requests = (negatives: NegativesDraft): StageDraft => ({
  unit: 'request',
  positives: { events: { click: 1 } },
  negatives,
});
const refill = { on_shortfall: 'refill', refill_from: 'global_random' };
const cases: Record<
  string,
  { readonly draft: StageDraft; readonly stage: 'recall' | 'coarse_ranking' | 'fine_ranking' }
> = {
  'pools of recall, which WebAssembly draws': { stage: 'recall', draft: recallOf(pools) },
  'lists and pools of recall, with refill': {
    stage: 'recall',
    draft: { ...recallOf(lists), negatives: { ...recallOf(lists).negatives, ...refill } },
  },
  'shares of coarse ranking': {
    stage: 'coarse_ranking',
    draft: requests({
      per_request: 12,
      mix: { hard_rank: 0.5, hard_score: { share: 0.25, top: 9 }, global_random: 0.25 },
    }),
  },
  'counts of fine ranking': { stage: 'fine_ranking', draft: requests({ per_request: lists, on_shortfall: 'keep' }) },
};

let written = 0;
async function request(
  { draft, stage }: (typeof cases)[string],
  split: 'train' | 'eval',
  distinct: boolean,
): Promise<SamplingRequest> {
  const negatives: NegativesDraft = { ...draft.negatives, ...(distinct ? { distinct } : {}) };
  const world = shopWorld(shop, stage, { ...draft, negatives }, { window });
  const directory = join(folder, `distinct-${written++}`);
  return await requestOf(await files.write(world, directory, 'parquet', new Dice('distinct')), stage, { split });
}

/** The lines of a CSV file of a sample, and what the run reports. */
async function sampled(
  of: SamplingRequest,
  how: { readonly blockRows?: number; readonly threads?: number } = {},
): Promise<{ readonly lines: readonly string[]; readonly summary: SampleSummary }> {
  mkdirSync(join(folder, 'distinct'), { recursive: true });
  const path = join(folder, 'distinct', `${written++}.csv`);
  const output = {
    path,
    format: 'csv',
    layout: 'long',
    names: ownNames,
    passThrough: [],
    within: null,
    facts: {},
  } as const;
  const summary = await engine.call('sample', { ...of, users: null, output, ...how });
  return { lines: readFileSync(path, 'utf8').trim().split('\n'), summary };
}

/** Lines without the negatives whose item is in an earlier negative of their group, and how many, by entry. */
function firstRows([head = '', ...lines]: readonly string[]): {
  readonly lines: readonly string[];
  readonly dropped: ReadonlyMap<string, number>;
} {
  const names = head.split(',');
  const dropped = new Map<string, number>();
  const seen = new Set<string>();
  const kept = lines.filter((line) => {
    const cells = line.split(',');
    const cell = (name: string): string => cells[names.indexOf(name)] ?? '';
    if (cell('label') === '1') return true;
    const key = ['user', 'positive_item', 'request', 'time', 'item'].map(cell).join(' ');
    if (seen.has(key)) dropped.set(cell('entry'), (dropped.get(cell('entry')) ?? 0) + 1);
    return !seen.has(key) && seen.add(key);
  });
  return { lines: [head, ...kept], dropped };
}

for (const [name, of] of Object.entries(cases))
  for (const split of ['train', 'eval'] as const)
    test(`${name}, ${split}: the file is the one without distinct, less the second rows`, async () => {
      const plain = await sampled(await request(of, split, false));
      const { lines, dropped } = firstRows(plain.lines);
      assert.ok([...dropped.values()].reduce((sum, rows) => sum + rows, 0) > 4, JSON.stringify([...dropped]));
      const once = await request(of, split, true);
      for (const how of [{}, { blockRows: 40 }, { threads: 2 }]) {
        const { lines: own, summary } = await sampled(once, how);
        assert.deepEqual(own, lines);
        assert.equal(summary.rows, lines.length - 1);
        const totals = plain.summary.entries.map(({ drawn, ...entry }) => {
          const repeated = dropped.get(entry.name) ?? 0;
          return { ...entry, drawn: drawn - repeated, repeated };
        });
        assert.deepEqual(summary.entries, totals);
      }
    });

test('a preview lists the draws that are not in the file, and a pair names the entry that has the item', async () => {
  const of = await request(Object.values(cases)[1] ?? assert.fail(), 'train', true);
  const preview = await previewOf(of, users);
  const groups = preview.users.flatMap(({ user, groups: own }) => own.map((group) => ({ user, group })));
  for (const { group } of groups)
    for (const { entry, item } of group.repeated ?? []) {
      const row = group.rows.find((one) => one.item === item);
      assert.ok(row?.entry && row.entry < entry, `${item} of ${entry}`);
    }
  const repeated = preview.totals.entries.reduce((sum, entry) => sum + (entry.repeated ?? 0), 0);
  assert.equal(
    groups.reduce((sum, { group }) => sum + (group.repeated?.length ?? 0), 0),
    repeated,
  );
  const { user, group } = groups.find((one) => one.group.repeated !== undefined) ?? assert.fail();
  const [{ entry, item } = assert.fail()] = group.repeated ?? [];
  const kept = group.rows.find((row) => row.item === item)?.entry;
  const pair = await engine.call('explainPair', { ...of, user, item });
  const drawOf = (name: string | null | undefined): string | null | undefined => {
    const draw = pair.entries.find((one) => one.name === name)?.drawnIn.find(({ key }) => key === group.key);
    return draw && (draw.keptBy ?? null);
  };
  assert.deepEqual([drawOf(kept), drawOf(entry)], [null, kept]);
});

test('rows that distinct drops are no shortfall: on_shortfall: fail does not stop, and nothing is redrawn', async () => {
  const negatives = {
    per_positive: { random: { source: 'global_random', count: 4 }, again: { source: 'global_random', count: 4 } },
  };
  const of = {
    stage: 'recall' as const,
    draft: { ...recallOf({}), negatives: { ...negatives, on_shortfall: 'fail' } },
  };
  const { summary } = await sampled(await request(of, 'train', true));
  assert.ok(summary.entries.some(({ repeated = 0 }) => repeated > 0));
  for (const { asked, drawn, repeated = 0, shortGroups } of summary.entries)
    assert.deepEqual([asked, shortGroups], [drawn + repeated, 0]);
});
