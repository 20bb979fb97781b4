import { dataColumn, dataColumns, sampleName } from '../data/dataColumns.ts';
import type { Need } from '../data/need.ts';
import type { Entry } from '../config/entries.ts';
import { isDrawable } from './drawnStage.ts';
import type { RuleContext } from './rule.ts';
import { sampleNeeds } from './sampleNeeds.ts';

/** The entries of a stage that draw candidates of the request. */
export function candidateEntries({ stage }: Pick<RuleContext, 'stage'>): Entry[] {
  return stage.entries.filter(({ source }) => source?.inputs.some(({ dataset }) => dataset === 'candidates'));
}

/** Needs of a rule about negatives that are candidates. Empty if the file does not name their entries or requests. */
export function candidateNeeds(context: RuleContext): Need[] {
  const { config, stage, document } = context;
  const roles = dataColumns(config, sampleName(stage.name)).map(({ role }) => role);
  const isNamed = stage.entries.length === 1 || roles.includes('entry') || roles.includes('source');
  return isDrawable(stage, document) &&
    isNamed &&
    roles.includes('request') &&
    dataColumn(config, 'candidates', 'request') !== undefined &&
    candidateEntries(context).length > 0
    ? sampleNeeds(context, 'candidate-rows', ['impressions', 'candidates'])
    : [];
}
