import type { DatasetName } from '../config/definition/data.ts';
import { dataColumns, datasetEntry, sampleName } from '../data/dataColumns.ts';
import type { QuestionKind } from '../data/facts.ts';
import type { Need } from '../data/need.ts';
import { message, type Message } from '../message/message.ts';
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

/** As `sampleNeeds`. If no column of the file has one of the roles, the rule does not run, with that reason. */
export function roleNeeds(
  context: Pick<RuleContext, 'config' | 'stage'>,
  roles: readonly string[],
  kind: QuestionKind,
  datasets: readonly DatasetName[] = [],
): Need[] {
  const fileRoles = sampleRoles(context);
  const missing = roles.filter((role) => !fileRoles.includes(role));
  return missing.length === 0
    ? sampleNeeds(context, kind, datasets)
    : notRunNeeds(context, message('no column of the sample file has the role {0}', missing.join(', ')));
}

/** As `roleNeeds`, for a rule that compares rows of a group, or of an impression. `key`: null if no columns name it. */
export function keyNeeds(
  context: Pick<RuleContext, 'config' | 'stage'>,
  key: readonly string[] | null,
  kind: QuestionKind,
  reason = message('the columns of the sample file do not distinguish one group from another'),
): Need[] {
  return key ? sampleNeeds(context, kind) : notRunNeeds(context, reason);
}

export function sampleRoles({ config, stage }: Pick<RuleContext, 'config' | 'stage'>): string[] {
  return dataColumns(config, sampleName(stage.name)).map(({ role }) => role);
}

function notRunNeeds({ config, stage }: Pick<RuleContext, 'config' | 'stage'>, reason: Message): Need[] {
  const samples = sampleName(stage.name);
  return datasetEntry(config, samples) ? [{ dataset: samples }, { without: reason }] : [];
}
