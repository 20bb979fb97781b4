import { message } from '../../message/message.ts';
import { defineMetric, quotient, type Measured } from '../metric.ts';

/** Number of users by their number of rows, ascending. */
export type UserRows = readonly { readonly rows: number; readonly users: number }[];

const POINTS = 100;

/** The Lorenz curve: share of the rows of the k % of users with the fewest rows, for k from 0 to 100. */
export function lorenz(counts: UserRows): number[] {
  const { users, rows } = topUsers(counts);
  let [passed, rowSum, k] = [0, 0, 0];
  const curve: number[] = [];
  for (let point = 0; point <= POINTS; point++) {
    const target = (users * point) / POINTS;
    for (let step = counts[k]; step && passed + step.users <= target; step = counts[++k]) {
      passed += step.users;
      rowSum += step.users * step.rows;
    }
    curve.push(rows === 0 ? 0 : (rowSum + (target - passed) * (counts[k]?.rows ?? 0)) / rows);
  }
  return curve;
}

/** Users and their rows, and the 1 % of users with the most rows. Rows without a user do not count. */
export interface TopUsers {
  readonly users: number;
  readonly rows: number;
  /** 1 % of the users, rounded up. */
  readonly topUsers: number;
  readonly topRows: number;
}

export function topUsers(counts: UserRows): TopUsers {
  const users = counts.reduce((sum, { users: userCount }) => sum + userCount, 0);
  const rows = counts.reduce((sum, { rows: rowsOfUser, users: userCount }) => sum + rowsOfUser * userCount, 0);
  const top = Math.ceil(users / 100);
  let [remaining, topRows] = [top, 0];
  for (const { rows: rowsOfUser, users: userCount } of [...counts].reverse()) {
    topRows += Math.min(remaining, userCount) * rowsOfUser;
    remaining -= Math.min(remaining, userCount);
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
