import assert from 'node:assert/strict';
import test from 'node:test';
import seedrandom from 'seedrandom';
import { Histories, leftOutReasons, type HistoryLimits, type Steps } from '../../src/core/sampling/kernel/histories.ts';

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
  const history = {
    steps,
    sessions: limits.session ? steps.map((step) => sessions.get(step) ?? 0) : null,
    visible: visible.length,
  };
  const reasons = [...time.keys()].map((step) => {
    if (steps.includes(step)) return null;
    if (!visible.includes(step)) return isOfRequest(step) ? 'ownRequest' : 'afterCutOff';
    if ((time[step] ?? 0) < cutOff - (limits.lookback ?? Infinity)) return 'lookback';
    if (!allowed.includes(step)) return 'session';
    return kept.includes(step) ? 'length' : 'repeated';
  });
  return { history, reasons };
}

/** Every third step is of the row's own request. */
const isOfRequest = (step: number): boolean => step % 3 === 0;

test('histories, and what they leave out, are those of the definition, in 2,000 random timelines', () => {
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
    // Half of the rows come in the order of their cut-offs, as most rows of a user do.
    const cutOffs = Float64Array.from({ length: 6 }, () => below(70));
    for (const cutOff of round % 2 === 0 ? cutOffs.sort() : cutOffs) {
      const row = { cutOff, readTime: cutOff + below(5) };
      const { history, reasons } = naive(steps, limits, cutOff, row.readTime);
      assert.deepEqual(histories.of(row), history);
      assert.deepEqual(
        [...steps.time.keys()].map((step) => histories.reason(row, history, step, isOfRequest(step))),
        reasons,
      );
      const counts = leftOutReasons.map((reason) => [reason, reasons.filter((other) => other === reason).length]);
      const leftOut = histories.leftOut(row, history, reasons.filter((reason) => reason === 'ownRequest').length);
      assert.deepEqual(leftOut, Object.fromEntries(counts));
    }
  }
});
