import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AliasTable } from '../../examples/demo/alias.ts';
import { naturalLog, threeQuarterPower, zipfMandelbrot } from '../../examples/demo/arithmetic.ts';
import { copyWords, setWords } from '../../examples/demo/block.ts';
import { dateText, day, endOfLog, startOfDay, traffic } from '../../examples/demo/calendar.ts';
import { candidateLimit, scales, type Scale } from '../../examples/demo/scale.ts';
import { largestRequest, smallestRequest } from '../../examples/demo/logs.ts';
import { requestsPerTurn, World } from '../../examples/demo/world.ts';
import { fmix32 } from '../../src/core/sampling/fmix32.ts';
import { BulkGenerator, seeded } from '../../src/core/sampling/rng.ts';

test('fmix32 is MurmurHash3’s finaliser', () => {
  const known = [
    [0, 0],
    [1, 1364076727],
    [2, 821347078],
    [3735928559, 233162409],
    [4294967295, 2180083513],
  ] as const;
  for (const [word, hash] of known) assert.equal(fmix32(word), hash);
});

test('seeds in any script are distinguished, and lone surrogates are accepted', () => {
  const first = (text: string): number => seeded(text).int32();
  // With only their low bytes, these two would be the same seed.
  assert.equal('一'.charCodeAt(0) & 255, '\u0100'.charCodeAt(0) & 255);
  assert.notEqual(first('一'), first('\u0100'));
  assert.equal(first('\ud800'), first('\ufffd'));
  const texts = ['', 'a', 'é', '杭州', '🏡', '杭', '州杭'];
  assert.equal(new Set(texts.map(first)).size, texts.length);
});

test('generators give the same numbers everywhere', () => {
  const small = seeded('杭州/1');
  const bulk = new BulkGenerator('杭州/1');
  assert.deepEqual([small.int32(), small.int32(), small.double()], [1707768263, 1937200475, 0.06163359162134777]);
  assert.deepEqual(
    [bulk.word(), bulk.word(), bulk.unit(), bulk.integerBelow(1000)],
    [3031580278, 2924944350, 0.8239250930491835, 996],
  );
});

test('bulk words are uniform and carry between the halves of the state', () => {
  const bulk = new BulkGenerator('uniform');
  const bins = new Uint32Array(64);
  const n = 640_000;
  for (let i = 0; i < n; i++) count(bins, bulk.integerBelow(64));
  const expected = n / 64;
  const chi = bins.reduce((sum, observed) => sum + (observed - expected) ** 2 / expected, 0);
  assert.ok(chi < 120, `chi-square ${chi} of 63 degrees of freedom`);
});

test('logarithms and powers agree with the platform’s to 1e-14', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), (x) => {
      assert.ok(Math.abs(naturalLog(x) - Math.log(x)) <= 1e-14 * Math.max(1, Math.abs(Math.log(x))));
      assert.ok(Math.abs(threeQuarterPower(x) / x ** 0.75 - 1) < 1e-14);
    }),
  );
  assert.ok(Math.abs(zipfMandelbrot(9, 45) / 55 ** -(1 + 1 / 64) - 1) < 1e-14);
});

test('alias tables draw by weight, inside their segment', () => {
  const weights = Float64Array.from([1, 0, 3, 6, 5, 5]);
  const table = new AliasTable(weights, [0, 4, 6]);
  const random = new BulkGenerator('alias');
  const counts = new Uint32Array(6);
  for (let i = 0; i < 100_000; i++) count(counts, table.draw(random, 0, 4));
  assert.equal(counts[1], 0);
  assert.deepEqual([...counts.subarray(4)], [0, 0]);
  [0.1, 0, 0.3, 0.6].forEach((share, i) => assert.ok(Math.abs((counts[i] ?? 0) / 100_000 - share) < 0.01));
});

test('the calendar ends on 2026-11-21 at every scale', () => {
  assert.equal(endOfLog, Date.UTC(2026, 10, 22) * 1000);
  assert.equal(dateText(startOfDay(21, 0)), '2026-11-01');
  assert.equal(dateText(startOfDay(5, 4)), '2026-11-21');
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 40_000 }),
      (n) => dateText(n * day) === new Date(n * 86_400_000).toISOString().slice(0, 10),
    ),
  );
  assert.equal(traffic(0, 8), traffic(8 * 60, 0));
});

test('64-bit words hold every time and id', () => {
  const words = new Int32Array(4);
  const whole = new BigInt64Array(words.buffer);
  fc.assert(
    fc.property(fc.maxSafeNat(), (value) => {
      setWords(words, 0, value);
      copyWords(words, 1, words, 0);
      assert.deepEqual([...whole], [BigInt(value), BigInt(value)]);
    }),
  );
});

test('no scale logs more candidates than the limit', () => {
  const meanRequest = (smallestRequest + largestRequest) / 2;
  for (const scale of Object.values<Scale>(scales)) {
    const logged = Math.ceil(scale.impressions / meanRequest / scale.requestsPerLogged);
    assert.ok(logged * scale.candidates * 1.02 < candidateLimit, scale.name);
  }
});

test('a world makes exactly the impressions of its scale, and the same ones again', () => {
  const run = (seed: string): { impressions: number; digest: number } => {
    const world = new World(scales.tiny, seed);
    let impressions = 0;
    let digest = 0;
    for (let index = 0; index < scales.tiny.days; index++) {
      const today = world.day(index);
      while (!today.done) {
        today.advance(requestsPerTurn);
        impressions += world.logs.impressions.length;
        for (let k = 0; k < 2 * world.logs.impressions.length; k++)
          digest = fmix32(digest ^ (world.logs.impressions.data.item_id[k] ?? 0));
        for (const block of [
          world.logs.impressions,
          world.logs.candidates,
          world.logs.sample,
          world.logs.refusals,
          world.logs.dislikes,
          world.logs.actions,
        ])
          block.length = 0;
      }
    }
    return { impressions, digest };
  };
  const first = run('a');
  assert.equal(first.impressions, scales.tiny.impressions);
  assert.deepEqual(run('a'), first);
  assert.notEqual(run('b').digest, first.digest);
});

function count(counts: Uint32Array, index: number): void {
  counts[index] = (counts[index] ?? 0) + 1;
}
