import { dataColumns, sampleName } from '../data/dataColumns.ts';
import { message, type Message } from '../message/message.ts';
import type { Need } from '../data/need.ts';
import { drawnDatasets, isDrawable } from './drawnStage.ts';
import type { RuleContext } from './rule.ts';
import { sampleNeeds } from './sampleNeeds.ts';

/** Needs of a rule about the chances of drawn rows. Empty if the file does not identify its groups and entries. */
export function chanceNeeds(context: RuleContext): Need[] {
  const { config, stage, document } = context;
  const roles = dataColumns(config, sampleName(stage.name)).map(({ role }) => role);
  const has = (role: string): boolean => roles.includes(role);
  const isNamed = stage.entries.length === 1 || has('entry') || has('source');
  const isGrouped =
    has('user') && (stage.unit === 'positive' ? has('positive_item') && has('time') : has('request') || has('time'));
  if (!isDrawable(stage, document) || !isNamed || !isGrouped) return [];
  const asked = sampleNeeds(context, 'chances');
  return asked.length === 0 ? [] : [...drawnDatasets(config).map((dataset): Need => ({ dataset })), ...asked];
}

/** Why no draw of the file was compared with its chances; null if it was. */
export function chancesUnknown({ facts, stage }: Pick<RuleContext, 'facts' | 'stage'>): Message | null {
  const answer = facts.answer({ kind: 'chances', stage: stage.name });
  if (!answer || !('value' in answer)) return null;
  if (answer.value.foreign === 'config')
    return message('another config wrote the file, so its probabilities are not those of this config');
  return answer.value.users === 0 ? message('the file has no rows') : null;
}
