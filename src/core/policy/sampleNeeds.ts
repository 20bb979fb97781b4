import type { DatasetName } from '../config/definition/data.ts';
import { datasetEntry, sampleName } from '../data/dataColumns.ts';
import type { QuestionKind } from '../data/facts.ts';
import type { Need } from '../data/need.ts';
import type { RuleContext } from './rule.ts';

/**
 * Needs of a rule that counts the rows of the stage's sample file, plus other data sets. Empty if the config has no
 * such file.
 */
export function sampleNeeds(
  { config, stage }: Pick<RuleContext, 'config' | 'stage'>,
  kind: QuestionKind,
  datasets: readonly DatasetName[] = [],
): Need[] {
  const samples = sampleName(stage.name);
  if (!datasetEntry(config, samples)) return [];
  return [...[samples, ...datasets].map((dataset): Need => ({ dataset })), { question: { kind, stage: stage.name } }];
}
