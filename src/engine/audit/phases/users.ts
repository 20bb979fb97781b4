import { users } from '../../../core/audit/metrics/users.ts';
import { message } from '../../../core/message/message.ts';
import { userRowsIn, userRowsSql } from '../../answers/userShares.ts';
import { userCounts } from '../groupCounts.ts';
import type { Phase } from '../phase.ts';

const label = message('Counting rows of users');

/** How the rows are distributed over the users. */
export const usersPhase: Phase = {
  label,
  metrics: ['users'],
  needs: ['user'],
  async run(world, work) {
    const counts = await world.rows(userRowsSql(await userCounts(world, work)), label, work);
    return { users: users.measure(counts.map(userRowsIn)) };
  },
};
