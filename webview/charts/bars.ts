/**
 * The path of a bar chart of `width` × `height` pixels on a base line. Gaps are 1 pixel wide; a non-zero bar is at
 * least 1 pixel high.
 */
export function barsPath(counts: readonly number[], width: number, height: number): string {
  const max = Math.max(...counts, 0);
  if (max === 0) return '';
  const step = width / counts.length;
  const gap = step >= 3 ? 1 : 0;
  let path = '';
  counts.forEach((count, k) => {
    if (count <= 0) return;
    const h = Math.max(1, (count / max) * height);
    path += `M${round(k * step)} ${height}v${round(-h)}h${round(step - gap)}v${round(h)}z`;
  });
  return path;
}

/**
 * Bars above and below a middle line, for vectors. In a vector with more values than pixels, each pixel shows its
 * largest value.
 */
export function vectorPaths(values: readonly number[], width: number, height: number): { up: string; down: string } {
  const max = Math.max(...values.map(Math.abs), Number.MIN_VALUE);
  const bars = Math.min(values.length, Math.floor(width / 2));
  const step = width / bars;
  const middle = height / 2;
  let up = '';
  let down = '';
  for (let k = 0; k < bars; k++) {
    const from = Math.floor((k * values.length) / bars);
    const pixelValues = values.slice(from, Math.max(from + 1, Math.floor(((k + 1) * values.length) / bars)));
    const value = pixelValues.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0);
    const h = Math.max(0.5, (Math.abs(value) / max) * (middle - 1));
    const bar = `M${round(k * step)} ${middle}v${round(value < 0 ? h : -h)}h${round(Math.max(1, step - 1))}v${round(value < 0 ? -h : h)}z`;
    if (value < 0) down += bar;
    else up += bar;
  }
  return { up, down };
}

/**
 * Positions and widths of the segments of a bar of `width` pixels, with gaps of 2 pixels. Widths are proportional, but
 * at least 2 pixels.
 */
export function partWidths(counts: readonly number[], width: number): { x: number; width: number }[] {
  const gap = 2;
  const least = 2;
  const barsWidth = width - gap * (counts.length - 1);
  const total = counts.reduce((a, b) => a + b, 0);
  if (total === 0 || barsWidth < least * counts.length) return [];
  const small = counts.map((count) => (count / total) * barsWidth < least);
  const smallWidth = small.filter(Boolean).length * least;
  const largeTotal = counts.reduce((sum, count, k) => sum + (small[k] === true ? 0 : count), 0);
  let x = 0;
  return counts.map((count, k) => {
    const w = small[k] === true ? least : (count / largeTotal) * (barsWidth - smallWidth);
    const segment = { x, width: w };
    x += w + gap;
    return segment;
  });
}

const round = (value: number): number => Math.round(value * 100) / 100;
