import type { DatasetName } from '../config/definition/data.ts';
import { datasetEntry, sampleName } from './dataColumns.ts';
import type { QuestionKind } from './facts.ts';
import type { Need, RuleContext } from './rule.ts';

/** The needs of a rule that counts the rows of the sample file of its stage, beside other data sets. None where the config names no such file. */
export function sampleNeeds(
  { config, stage }: Pick<RuleContext, 'config' | 'stage'>,
  kind: QuestionKind,
  datasets: readonly DatasetName[] = [],
): Need[] {
  const samples = sampleName(stage.name);
  if (!datasetEntry(config, samples)) return [];
  return [...[samples, ...datasets].map((dataset): Need => ({ dataset })), { question: { kind, stage: stage.name } }];
}
