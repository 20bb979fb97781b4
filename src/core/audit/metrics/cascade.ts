import { message } from '../../message/message.ts';
import { defineMetric, type Measured } from '../metric.ts';

/** Rows of an entry per group: quantiles over all groups, including groups without such rows (`zero`). */
export type CascadeCounts = readonly {
  readonly entry: string | null;
  readonly groups: number;
  readonly p5: number;
  readonly p50: number;
  readonly p95: number;
  readonly zero: number;
}[];

/** Negatives of each entry per group: for coarse ranking, the cascade of a request. */
export const cascade = defineMetric({
  id: 'cascade',
  title: message('Negatives of a group by entry'),
  measure(entries: CascadeCounts): Measured {
    return {
      figures: [{ id: 'groups', label: message('groups'), unit: 'count', value: entries[0]?.groups ?? 0 }],
      tables: [
        {
          id: 'entries',
          shape: 'list',
          columns: [
            { id: 'entry', label: message('entry'), unit: 'text' },
            { id: 'p5', label: message('p5'), unit: 'number' },
            { id: 'p50', label: message('p50'), unit: 'number' },
            { id: 'p95', label: message('p95'), unit: 'number' },
            { id: 'zero', label: message('groups without'), unit: 'count' },
          ],
          rows: entries.map(({ entry, p5, p50, p95, zero }) => [entry, p5, p50, p95, zero]),
        },
      ],
      notes: [],
    };
  },
});
