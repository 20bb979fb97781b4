import type { Histogram } from '../table/profile.ts';

const bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** Draws counts as bars in eighths; the largest is full. Zero is a blank, anything else at least the lowest bar. */
export function sparkline(counts: readonly number[]): string {
  const max = Math.max(0, ...counts);
  return counts.map((c) => (c <= 0 ? ' ' : (bars[Math.min(7, Math.ceil((c / max) * 8) - 1)] ?? '█'))).join('');
}

/** The small histogram of a column in at most `width` cells; if there are more bins, neighbours are merged. */
export function histogramBars(histogram: Histogram, width: number): string {
  switch (histogram.kind) {
    case 'none':
      return '';
    case 'parts':
      return sparkline(histogram.parts.slice(0, width).map((p) => p.count));
    case 'range':
    case 'rank':
      return sparkline(bucketMeans(histogram.counts, width));
  }
}

/** Means of neighbouring groups: sums would show false steps if the last group is smaller. */
function bucketMeans(counts: readonly number[], width: number): number[] {
  const size = Math.ceil(counts.length / width);
  return Array.from({ length: Math.ceil(counts.length / size) }, (_, i) => {
    const group = counts.slice(i * size, (i + 1) * size);
    return group.reduce((sum, c) => sum + c, 0) / group.length;
  });
}

/** A share from 0 to 1 as a bar of `width` cells, in eighths of a cell. Only 0 is empty, and only 1 is full. */
export function shareBar(share: number, width: number): string {
  const eighths = Math.min(
    share < 1 ? width * 8 - 1 : width * 8,
    Math.max(share > 0 ? 1 : 0, Math.round(share * width * 8)),
  );
  const fullCells = Math.floor(eighths / 8);
  const partialCell = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'][eighths % 8] ?? '';
  return ('█'.repeat(fullCells) + partialCell).padEnd(width, '·');
}
