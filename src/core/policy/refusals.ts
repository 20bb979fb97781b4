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
  { config, stage, folder }: Pick<RuleContext, 'config' | 'stage' | 'folder'>,
): readonly [ConfigPath, ...ConfigPath[]] {
  if (setting) return [setting];
  if (refusal === 'weight-sum') return [['stages', stage.name, 'negatives']];
  const datasets = datasetsOf(config);
  const dataset = datasets.find((name) => {
    const path = datasetEntry(config, name)?.path;
    return path !== undefined && folder !== null && resolvePath(path, folder) === place?.path;
  });
  const at = dataset && datasetPath(dataset);
  const [first = at ? [...at, 'path'] : ['stages', stage.name], ...others] = (dataset ? [dataset] : datasets)
    .flatMap((name) => dataColumns(config, name))
    .filter(({ name }) => name === place?.column)
    .map(({ path }) => path);
  return [first, ...others, ...(at && refusal === 'misplaced-day' ? [[...at, 'partition']] : [])];
}
