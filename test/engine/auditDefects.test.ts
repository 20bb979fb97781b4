import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { defects } from '../../examples/demo/defects/defects.ts';
import { scales } from '../../examples/demo/scale.ts';
import { HealthyWorld } from '../../bench/audit/defects/healthyWorld.ts';
import { upperBound } from '../../bench/audit/defects/run.ts';
import { engine, folder } from './fixture.ts';

// A small part of `npm run bench -- audit defects`: faults of which a single row must be found.
let world: HealthyWorld;
before(async () => {
  world = await HealthyWorld.write(engine, join(folder, 'defects'), { scale: scales.tiny, seed: 21 });
});
after(() => {
  world.close();
});

for (const defect of defects) {
  const [strength = NaN] = defect.strengths;
  if (defect.unit !== 'rows') continue;
  test(`${defect.name}: ${defect.rule} reports a single row`, async () => {
    assert.equal(strength, 1);
    assert.equal((await world.find(defect, strength)).outcome, 'found');
  });
}

test('the head without any row is reported, although no row shows how alike those of a user are', async () => {
  const defect = defects.find(({ name }) => name === 'hot-ratio');
  assert.ok(defect);
  // Twenty times as many users with the same rows: the tiny world has too few of them.
  const rows: typeof defect.rows = (tables, share) =>
    `SELECT * EXCLUDE (k) REPLACE (user_id + 1000000 * k AS user_id) FROM (${defect.rows?.(tables, share) ?? ''}), range(20) t(k)`;
  assert.equal((await world.find({ ...defect, rows }, 1)).outcome, 'found');
});

test('the bound of a rate that was never seen', () => {
  for (const worlds of [1, 40, 300])
    assert.ok(Math.abs(upperBound(0, worlds) - (1 - 0.05 ** (1 / worlds))) < 1e-12, String(worlds));
  // With the found bound, one of two has a probability of 5 %: (1 − p)² + 2p(1 − p) = 1 − p².
  assert.ok(Math.abs(upperBound(1, 2) - Math.sqrt(0.95)) < 1e-9);
  assert.equal(upperBound(3, 3), 1);
});
