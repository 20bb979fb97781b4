/** Columns of a sample file that depend on the chance of a draw. */
export const chanceRoles = ['log_q', 'log_q_mix', 'logq_correction'] as const;
export type ChanceRole = (typeof chanceRoles)[number];
