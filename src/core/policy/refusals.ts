import type { ConfigDraft } from '../config/definition/config.ts';
import type { ConfigPath } from '../config/tree.ts';
import { resolvePath } from '../data/absolutePath.ts';
import { dataColumns, datasetEntry, datasetPath, datasetsOf } from '../data/dataColumns.ts';
import type { Failure } from '../message/failure.ts';
import type { RuleContext } from './rule.ts';

/** The splits that the samples of a config can have. */
export function splitsOf({ window }: ConfigDraft): readonly ('train' | 'eval')[] {
  return window?.eval ? ['train', 'eval'] : ['train'];
}

/** The parts of the config that a failure is about, the most precise first. */
export function settingsOf(
  { setting, place, refusal }: Failure,
  split: 'train' | 'eval',
  { config, stage, folder }: Pick<RuleContext, 'config' | 'stage' | 'folder'>,
): readonly [ConfigPath, ...ConfigPath[]] {
  if (setting) return [setting];
  const at = ['stages', stage.name];
  if (refusal === 'shortfall') return [[...at, 'negatives', 'on_shortfall']];
  if (refusal === 'weight-sum') return [[...at, 'negatives']];
  if (refusal === 'no-rows') return [config.window?.[split] ? ['window', split] : [...at, 'positives', 'events']];
  const dataset = datasetsOf(config).find((name) => {
    const path = datasetEntry(config, name)?.path;
    return path !== undefined && folder !== null && resolvePath(path, folder) === place?.path;
  });
  const named = (dataset === undefined ? datasetsOf(config) : [dataset])
    .flatMap((name) => dataColumns(config, name))
    .filter(({ name }) => name === place?.column)
    .map(({ path }) => path);
  const partition =
    refusal === 'misplaced-day' && dataset !== undefined ? [[...datasetPath(dataset), 'partition']] : [];
  return [
    named[0] ?? (dataset === undefined ? at : [...datasetPath(dataset), 'path']),
    ...named.slice(1),
    ...partition,
  ];
}
