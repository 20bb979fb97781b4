import assert from 'node:assert/strict';
import test from 'node:test';
import seedrandom from 'seedrandom';
import { Histories, type HistoryLimits, type Steps } from '../../src/core/sampling/kernel/histories.ts';

/** By the definitions, from the whole list of steps. */
function naive({ time, item }: Steps, limits: HistoryLimits, cutOff: number, readTime: number) {
  const visible = [...time.keys()].filter((step) => (time[step] ?? 0) < cutOff);
  let [number, later] = [0, readTime];
  const sessions = new Map<number, number>();
  for (const step of visible.toReversed()) {
    if (limits.session && later - (time[step] ?? 0) > limits.session.gap) number++;
    sessions.set(step, number);
    later = time[step] ?? 0;
  }
  const allowed = visible.filter(
    (step) =>
      (time[step] ?? 0) >= cutOff - (limits.lookback ?? Infinity) &&
      (sessions.get(step) ?? 0) < (limits.session?.keep ?? Infinity),
  );
  const kept = allowed.filter((step, k) => {
    const newer = allowed.slice(k + 1).map((other) => item[other]);
    if (limits.dedup === 'consecutive') return newer[0] !== item[step];
    return limits.dedup === 'none' || !newer.includes(item[step]);
  });
  const steps = kept.slice(-limits.length);
  return { steps, sessions: limits.session ? steps.map((step) => sessions.get(step)) : null, visible: visible.length };
}

test('histories are those of the definition, in 2,000 random timelines', () => {
  const random = seedrandom('histories');
  const below = (limit: number): number => Math.floor(random() * limit);
  for (let round = 0; round < 2000; round++) {
    const count = below(40);
    const steps = {
      time: Float64Array.from({ length: count }, () => below(60)).sort(),
      item: Uint32Array.from({ length: count }, () => below(6)),
    };
    const limits: HistoryLimits = {
      length: 1 + below(8),
      lookback: random() < 0.5 ? null : below(30),
      session: random() < 0.5 ? null : { gap: below(6), keep: random() < 0.5 ? null : 1 + below(3) },
      dedup: (['none', 'consecutive', 'item'] as const)[below(3)] ?? 'none',
    };
    const histories = new Histories(steps, limits);
    const cutOffs = Float64Array.from({ length: 6 }, () => below(70)).sort();
    for (const cutOff of cutOffs) {
      const readTime = cutOff + below(5);
      assert.deepEqual(histories.of({ cutOff, readTime }), naive(steps, limits, cutOff, readTime));
    }
  }
});
