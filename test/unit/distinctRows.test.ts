import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PreviewGroup } from '../../src/core/sampling/drawn.ts';
import { explainPair } from '../../src/core/sampling/explainPair.ts';
import { createSampler } from '../../src/core/sampling/kernel/sampler.ts';
import { previewOf, type DrawnPreview } from '../../src/core/sampling/preview.ts';
import { missingOf } from '../../src/core/sampling/requested.ts';
import { StringIds } from '../../src/core/sampling/world/idTexts.ts';
import { MixDrawBatch } from '../../src/engine/draw/wasm/mixDrawBatch.ts';
import { blockOf, itemText, planOf, plainWorlds, worldOf, type PlainWorld } from './samplingWorld.ts';

const samplerOf = (world: PlainWorld, distinct: boolean): ReturnType<typeof createSampler> =>
  createSampler({ ...planOf(world), ...(distinct ? { distinct } : {}) }, worldOf(world));

function finished<T>(steps: Generator<number, T, void>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

const preview = (world: PlainWorld, distinct: boolean): DrawnPreview =>
  finished(
    previewOf(samplerOf(world, distinct), blockOf(world), {
      texts: new StringIds(world.items.map((_, item) => itemText(item))),
      groupLimit: null,
      bins: { count: 0, ofItem: [] },
      distances: world.entries.map(() => null),
    }),
  );

/** The group without the negatives whose item an earlier entry has. */
function firstRows({ rows, ...group }: PreviewGroup): PreviewGroup {
  const seen = new Set<string>();
  const isRepeated = rows.map(({ label, item }) => label === 0 && (seen.has(item) || !seen.add(item)));
  const repeated = rows.flatMap(({ entry, item }, k) => (isRepeated[k] === true ? [{ entry: entry ?? '', item }] : []));
  return {
    ...group,
    rows: rows.filter((_, k) => isRepeated[k] !== true),
    ...(repeated.length === 0 ? {} : { repeated }),
  };
}

test('a preview with distinct has the first rows of its items, drawn for the same reasons, and names the others', () => {
  let dropped = 0;
  fc.assert(
    fc.property(plainWorlds, (world) => {
      const [plain, once] = [preview(world, false), preview(world, true)];
      const users = plain.users.map((user) => ({ ...user, groups: user.groups.map(firstRows) }));
      assert.deepEqual(once.users, users);
      const repeated = users.flatMap(({ groups }) => groups.flatMap((group) => group.repeated ?? []));
      dropped += repeated.length;
      assert.equal(once.totals.negatives, plain.totals.negatives - repeated.length);
      plain.totals.entries.forEach(({ drawn, ...entry }, e) => {
        const own = repeated.filter((one) => one.entry === entry.name).length;
        assert.deepEqual(once.totals.entries[e], { ...entry, drawn: drawn - own, repeated: own });
        assert.equal(missingOf({ ...entry, drawn }), missingOf(once.totals.entries[e] ?? assert.fail()));
      });
    }),
    { numRuns: 300 },
  );
  assert.ok(dropped > 10, `${dropped} rows`);
});

test('a pair names the entry whose row is in the file, once for each group', () => {
  let kept = 0;
  fc.assert(
    fc.property(plainWorlds, (world) => {
      const block = blockOf({ ...world, users: world.users.slice(0, 1) });
      for (const place of world.items.keys()) {
        const { entries, drawn } = finished(explainPair(samplerOf(world, true), block, place));
        const draws = entries.flatMap(({ name, drawnIn }) => drawnIn.map((draw) => ({ name, ...draw })));
        assert.equal(draws.filter(({ keptBy }) => keptBy === undefined).length, drawn);
        for (const { key, keptBy } of draws) {
          if (keptBy === undefined) continue;
          kept++;
          assert.ok(draws.some((draw) => draw.key === key && draw.name === keptBy && draw.keptBy === undefined));
        }
      }
    }),
    { numRuns: 300 },
  );
  assert.ok(kept > 10, `${kept} draws`);
});

test('WebAssembly leaves distinct to the sampler', () => {
  fc.assert(
    fc.property(plainWorlds, (world) => MixDrawBatch.of(samplerOf(world, true)) === null),
    { numRuns: 20 },
  );
});
