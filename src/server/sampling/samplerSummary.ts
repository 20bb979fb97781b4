import type { ConfigDraft } from '../../core/config/definition/config.ts';
import { stageViews, type StageView } from '../../core/config/entries.ts';
import type { ReadConfig } from '../../core/config/read.ts';
import type { Stage } from '../../core/schema/stage.ts';
import type { ConfigPath } from '../../core/config/tree.ts';
import { reportedProblems } from '../../core/sampling/plan/reportedProblems.ts';
import type { SamplerSummary, Split } from '../../protocol/preview.ts';
import { nameOf, type Address } from '../language/address.ts';
import { knobsOf } from './knobChanges.ts';
import type { ResolvedStage } from '../../project/plan/resolveStage.ts';

/** What can be drawn for a stage, which numbers can be changed, and what is wrong with it. */
export function samplerSummary(
  address: Address,
  { config, document, problems }: ReadConfig,
  stage: Stage,
  { plan, problems: planned }: Pick<ResolvedStage, 'plan' | 'problems'>,
): SamplerSummary {
  const views = stageViews(config);
  const view = stageNamed(views, stage);
  // Parts that do not fit the language were left out of the config, and so of the plan.
  const unsound = problems.filter(({ path }) => concerns(path, stage));
  return {
    uri: address.uri,
    name: nameOf(address),
    stages: views.map(({ name }) => name),
    splits: splitsOf(config),
    plan,
    seed: config.seed === undefined ? null : String(config.seed),
    epoch: config.epoch ?? 0,
    knobs: view ? knobsOf(view, document) : [],
    problems: reportedProblems({ document, unsound, planned }).map(({ message, span }) => ({
      message,
      range: span && document.lines.range(span),
    })),
  };
}

export function stageNamed(views: readonly StageView[], stage: Stage): StageView | undefined {
  return views.find(({ name }) => name === stage);
}

/** The windows of a config that groups can come from. */
export function splitsOf({ window }: ConfigDraft): readonly Split[] {
  return window?.eval === undefined ? ['train'] : ['train', 'eval'];
}

/** False for parts of a config that do not affect what a stage draws. */
function concerns([top, second]: ConfigPath, stage: Stage): boolean {
  switch (top) {
    case 'stages':
      return second === undefined || second === stage;
    case 'data':
      return second !== 'samples';
    default:
      return top !== 'output' && top !== 'policy';
  }
}
