/**
 * Groups of rules, in the order of the reference: the config, the stages, the schema and the rows of the data files.
 */
export const ruleGroups = ['config', 'recall', 'coarse', 'fine', 'schema', 'data'] as const;
type RuleGroup = (typeof ruleGroups)[number];

/** Id of a rule in policies, suppressions and reports. */
export type RuleId = `${RuleGroup}/${string}`;
