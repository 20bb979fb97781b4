import type { Answers } from '../../data/facts.ts';

/** What the draws of a file show if nothing of them is compared; a case changes one part. */
export const noChances: Answers['chances'] = {
  users: 78,
  allUsers: 78,
  foreign: null,
  columns: [],
  entries: [],
  outside: [],
  later: { draws: 0, expected: 0, observed: 0 },
};
