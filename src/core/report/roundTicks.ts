/** About `count` round values from `low` to `high`, ascending: 0, or 1, 2, 2.5 or 5 times a power of ten. */
export function roundTicks(low: number, high: number, count: number, isWhole = false): number[] {
  if (!(high > low)) return [low];
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 2.5, 5, 10].find((candidate) => candidate * power >= rough * (1 - 1e-9)) ?? 10;
  const step = isWhole ? Math.max(1, Math.ceil(factor * power - 1e-9)) : factor * power;
  const [from, to] = [Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9)];
  // Multiplied, not added up, so that 0.3 stays 0.3.
  return Array.from({ length: to - from + 1 }, (_, k) => Number(((from + k) * step).toPrecision(12)));
}

/** Powers of ten from `low` to `high`, both above 0, ascending; at most `max` of them, including the largest. */
export function decadeTicks(low: number, high: number, max: number): number[] {
  const [from, to] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  const step = Math.ceil((to - from + 1) / max);
  const ticks: number[] = [];
  for (let power = to; power >= from; power -= step) ticks.unshift(Number(`1e${power}`));
  return ticks;
}
