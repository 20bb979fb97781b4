/** The groups of rules, in the order of the reference: what a config says, the stages, and what its data files hold. */
export const ruleGroups = ['config', 'recall', 'coarse', 'fine', 'schema', 'data'] as const;
type RuleGroup = (typeof ruleGroups)[number];

/** How policies, suppressions and reports name a rule. */
export type RuleId = `${RuleGroup}/${string}`;
