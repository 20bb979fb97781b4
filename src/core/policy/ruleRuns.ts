import { stageViews, type StageView } from '../config/entries.ts';
import type { LintInput } from './lintInput.ts';
import type { Rule, RuleContext } from './rule.ts';

/** One check of a rule: on the whole document, or on one stage. */
export interface RuleRun {
  /** Null for a check of the whole document. */
  readonly stage: StageView | null;
  readonly context: RuleContext;
}

/** The checks of each active rule. Rules that are off, or whose stages the config lacks, have none. */
export function ruleRuns(input: Omit<LintInput, 'rules'>): (rule: Rule) => readonly RuleRun[] {
  const {
    read: { config, document, problems },
    policyProblems = [],
    policy,
    facts,
    folder,
    root,
    planned = () => [],
    split = 'train',
  } = input;
  const stages = stageViews(config);
  const all = [...problems, ...policyProblems];
  return (rule) => {
    const { severity, options } = policy.level(rule.id);
    if (severity === 'off') return [];
    const values = {
      ...Object.fromEntries(Object.entries(rule.options).map(([name, { fallback }]) => [name, fallback])),
      ...options,
    } as RuleContext['options'];
    const runs = rule.stages === 'document' ? [null] : stages.filter(({ name }) => rule.stages.includes(name));
    return runs.map((stage) => ({
      stage,
      context: {
        config,
        document,
        problems: all,
        stages,
        options: values,
        facts,
        planned,
        split,
        folder,
        root,
        get stage(): StageView {
          if (!stage) throw new Error(`${rule.id} is a rule of the document`);
          return stage;
        },
      },
    }));
  };
}
