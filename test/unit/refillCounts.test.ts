import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { mixTable } from '../../src/core/report/mixTable.ts';
import { createSampler } from '../../src/core/sampling/kernel/sampler.ts';
import { previewOf, type DrawnPreview } from '../../src/core/sampling/preview.ts';
import { requestedFor, requestedIn, requestedOf } from '../../src/core/sampling/requested.ts';
import { StringIds } from '../../src/core/sampling/world/idTexts.ts';
import { blockOf, itemText, planOf, plainWorlds, worldOf, type PlainWorld } from './samplingWorld.ts';

function preview(world: PlainWorld): DrawnPreview {
  const steps = previewOf(createSampler(planOf(world), worldOf(world)), blockOf(world), {
    texts: new StringIds(world.items.map((_, item) => itemText(item))),
    groupLimit: null,
    bins: { count: 0, ofItem: [] },
    distances: world.entries.map(() => null),
  });
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

test('refill requests no more than the config: its rows are counted apart, by entry and by group', () => {
  let moved = 0;
  fc.assert(
    fc.property(plainWorlds, (world) => {
      const kept = preview({ ...world, refillFrom: null });
      const refilled = preview(world);
      assert.equal(requestedIn(refilled.totals.entries), requestedIn(kept.totals.entries));
      refilled.totals.entries.forEach((entry, e) => {
        assert.equal(requestedOf(entry), kept.totals.entries[e]?.asked);
        assert.equal(entry.refilled !== undefined, e === world.refillFrom);
        moved += entry.refilled ?? 0;
      });
      const groups = (of: DrawnPreview): number[] => of.users.flatMap((user) => user.groups.map(requestedFor));
      assert.deepEqual(groups(refilled), groups(kept));
    }),
    { numRuns: 200 },
  );
  assert.ok(moved > 0);
});

test('a report gives the requested negatives before and after refill', () => {
  const none = { attempts: 0, shortGroups: 0, shortfalls: { pool: 0, attempts: 0, list: 0 } };
  const lines = mixTable(
    [
      { name: 'random', source: 'global_random', asked: 4449, refilled: 2755, drawn: 4449, ...none },
      {
        name: 'refused',
        source: 'rejected',
        asked: 3449,
        drawn: 694,
        ...none,
        shortGroups: 9,
        shortfalls: { pool: 0, attempts: 0, list: 2755 },
      },
    ],
    { width: 200, colour: false, translate: (text) => text },
  );
  assert.match(lines[1] ?? '', /random +1,694 +4,449 +32\.9 % +86\.5 % .*4,449 after refill$/);
  assert.match(lines[2] ?? '', /refused +3,449 +694 +67\.1 % +13\.5 % .*: 2,755 · in 9 groups$/);
});
