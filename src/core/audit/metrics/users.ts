import { message } from '../../message/message.ts';
import { defineMetric, quotient, type Measured } from '../metric.ts';

/** How many users have that many rows, by increasing rows. */
export type UserRows = readonly { readonly rows: number; readonly users: number }[];

const POINTS = 100;

/** The share of the rows that the users with the fewest rows have: the Lorenz curve at shares k/100 of the users. */
export function lorenz(counts: UserRows): number[] {
  const { users, rows } = topUsers(counts);
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

/** Users and their rows, and those of the 1 % of the users with the most rows. Rows without a user do not count. */
export interface TopUsers {
  readonly users: number;
  readonly rows: number;
  /** Rounded up. */
  readonly topUsers: number;
  readonly topRows: number;
}

export function topUsers(counts: UserRows): TopUsers {
  const users = counts.reduce((sum, { users: number }) => sum + number, 0);
  const rows = counts.reduce((sum, { rows: each, users: number }) => sum + each * number, 0);
  const top = Math.ceil(users / 100);
  let [remaining, topRows] = [top, 0];
  for (const { rows: each, users: number } of [...counts].reverse()) {
    topRows += Math.min(remaining, number) * each;
    remaining -= Math.min(remaining, number);
  }
  return { users, rows, topUsers: top, topRows };
}

/** Share of the rows of the top 1 % of users, rounded up, and the Lorenz curve. Gini = 1 − 2 × the area below it. */
export const users = defineMetric({
  id: 'users',
  title: message('Skew of the users'),
  measure(counts: UserRows): Measured {
    const { users: all, rows, topUsers: top, topRows } = topUsers(counts);
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
          value: quotient(topRows, rows),
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
