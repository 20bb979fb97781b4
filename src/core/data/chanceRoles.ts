/** Columns of a sample file with probabilities of draws. */
export const chanceRoles = ['log_q', 'log_q_mix', 'logq_correction'] as const;
export type ChanceRole = (typeof chanceRoles)[number];
