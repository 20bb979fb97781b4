import { users } from '../../../core/audit/metrics/users.ts';
import { message } from '../../../core/message/message.ts';
import { numberIn } from '../../database/numberIn.ts';
import { userCounts } from '../groupCounts.ts';
import type { Phase } from '../phase.ts';

const label = message('Counting rows of users');

/** How the rows are distributed over the users. */
export const usersPhase: Phase = {
  label,
  metrics: ['users'],
  lacks: ({ sample }) => (sample.has('user') ? null : message('there is no user column')),
  async run(world, work) {
    const found = await world.rows(
      `SELECT r, count(*) FROM ${await userCounts(world, work)} WHERE "user" IS NOT NULL GROUP BY r ORDER BY r`,
      label,
      work,
    );
    return { users: users.of(found.map((row) => ({ rows: numberIn(row, 0), users: numberIn(row, 1) }))) };
  },
};
