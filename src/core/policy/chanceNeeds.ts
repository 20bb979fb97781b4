import { dataColumns, sampleName } from '../data/dataColumns.ts';
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
