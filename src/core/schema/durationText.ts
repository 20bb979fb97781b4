const units = [
  ['d', 86_400e6],
  ['h', 3600e6],
  ['m', 60e6],
  ['s', 1e6],
] as const;

/** Microseconds as configs write a duration: `7d`, `90m`. A part of a second is a decimal: `1.5s`. */
export function durationText(microseconds: number): string {
  const unit = units.find(([, size]) => microseconds >= size && microseconds % size === 0);
  return unit ? `${microseconds / unit[1]}${unit[0]}` : `${microseconds / 1e6}s`;
}
