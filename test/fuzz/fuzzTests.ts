import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fuzzTarget, keepFinding } from './fuzzTarget.ts';
import type { Target } from './target.ts';
import { makeWorld, type World } from './world.ts';

const seed = process.env.RECSAMPLE_PROPERTY_SEED ?? '2026';
const dist = process.env.RECSAMPLE_DIST ?? path.join(import.meta.dirname, '../../dist');

/**
 * A short part of `npm run fuzz` with one seed: a fixed number of mutants, not a fixed time, so that every run tries
 * the same ones.
 */
export function fuzzTests(targets: readonly Target[]): void {
  describe('mutants neither crash, hang nor fill memory, and are read exactly or refused', () => {
    let world: World;
    before(async () => {
      world = await makeWorld();
    });
    after(async () => {
      await world.remove();
    });
    for (const target of targets.filter(({ short }) => short > 0)) {
      test(`fuzz ${target.name}`, async () => {
        const { findings } = await fuzzTarget(target, { indices: Array(target.short).keys(), seed, dist, ...world });
        assert.deepEqual(
          findings.map((finding) => `${finding.problem}\n${keepFinding(finding)}`),
          [],
        );
      });
    }
  });
}
