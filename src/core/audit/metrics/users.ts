import { message } from '../../message/message.ts';
import { defineMetric, type Measured } from '../metric.ts';

/** How many users have that many rows, by increasing rows. */
export type UserRows = readonly { readonly rows: number; readonly users: number }[];

const POINTS = 100;

/** The share of the rows that the users with the fewest rows have: the Lorenz curve at shares k/100 of the users. */
export function lorenz(counts: UserRows): number[] {
  const users = counts.reduce((sum, { users: own }) => sum + own, 0);
  const rows = counts.reduce((sum, { rows: own, users: of }) => sum + own * of, 0);
  let [passed, summed, k] = [0, 0, 0];
  const curve: number[] = [];
  for (let point = 0; point <= POINTS; point++) {
    const target = (users * point) / POINTS;
    for (let own = counts[k]; own && passed + own.users <= target; own = counts[++k]) {
      passed += own.users;
      summed += own.users * own.rows;
    }
    curve.push(rows === 0 ? 0 : (summed + (target - passed) * (counts[k]?.rows ?? 0)) / rows);
  }
  return curve;
}

/** Rows of the `most` users with the most rows. */
function topRows(counts: UserRows, most: number): number {
  let [left, sum] = [most, 0];
  for (const { rows, users } of [...counts].reverse()) {
    const taken = Math.min(left, users);
    sum += taken * rows;
    left -= taken;
  }
  return sum;
}

/**
 * Skew of the users: the share of the rows of the top 1 % of the users, rounded up, and the Lorenz curve. Gini = 1 − 2 ×
 * the area below the curve.
 */
export const users = defineMetric({
  id: 'users',
  title: message('Skew of the users'),
  of(counts: UserRows): Measured {
    const all = counts.reduce((sum, { users: own }) => sum + own, 0);
    const rows = counts.reduce((sum, { rows: own, users: of }) => sum + own * of, 0);
    const top = Math.ceil(all / 100);
    const curve = lorenz(counts);
    // Exact, not from the points of the curve: each step adds a trapezoid.
    let [below, area] = [0, 0];
    for (const { rows: own, users: of } of counts) {
      const next = below + (rows === 0 ? 0 : (own * of) / rows);
      area += ((below + next) / 2) * (of / Math.max(1, all));
      below = next;
    }
    return {
      figures: [
        { id: 'top_users', label: message('users in the top 1 %'), unit: 'count', value: top },
        {
          id: 'top_share',
          label: message('their share of the rows'),
          unit: 'share',
          value: rows === 0 ? null : topRows(counts, top) / rows,
        },
        { id: 'gini', label: message('Gini'), unit: 'number', value: rows === 0 ? null : 1 - 2 * area },
      ],
      tables:
        rows === 0
          ? []
          : [
              {
                id: 'lorenz',
                shape: 'curve',
                columns: [
                  { id: 'users', label: message('share of the users'), unit: 'share' },
                  { id: 'rows', label: message('share of the rows'), unit: 'share' },
                ],
                rows: curve.map((share, point) => [point / POINTS, share]),
              },
            ],
      notes: [],
    };
  },
});
