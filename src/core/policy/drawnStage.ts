import type { ConfigDraft } from '../config/definition/config.ts';
import type { DatasetName } from '../config/definition/data.ts';
import type { ConfigDocument } from '../config/document.ts';
import type { StageView } from '../config/entries.ts';
import { datasetEntry } from '../data/dataColumns.ts';
import type { Question } from '../data/facts.ts';
import type { RuleContext } from './rule.ts';
import { isAbove, partsOf } from './shares.ts';

/** Data sets that draws may read in addition to the log. */
const inputs: readonly DatasetName[] = ['items', 'users', 'candidates', 'rejections'];

/** The data sets of a config that a stage may draw from. */
export function drawnDatasets(config: ConfigDraft): DatasetName[] {
  return ['impressions', ...inputs.filter((name) => datasetEntry(config, name) !== undefined)];
}

/**
 * True if a stage draws negatives and its mix is complete. A mix that is half typed or does not sum to 1 is not: what
 * it draws says nothing about the mix that the user means.
 */
export function isDrawable(stage: StageView, document: ConfigDocument): boolean {
  if (stage.unit === 'impression' || stage.total === null) return false;
  const parts = partsOf(stage, document);
  const sum = stage.entries.reduce((all, { share }) => all + (share ?? 0), 0);
  return parts !== null && parts.length > 0 && (stage.amounts !== 'shares' || !isAbove(sum, 1));
}

/** What the entries of a stage draw in the split of its sample file. */
export const shortfallsOf = ({ stage, split }: Pick<RuleContext, 'stage' | 'split'>): Question<'shortfalls'> => ({
  kind: 'shortfalls',
  stage: stage.name,
  ...(split === 'eval' ? { split } : {}),
});
