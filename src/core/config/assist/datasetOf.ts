import { clicks, datasetNames, type DatasetName } from '../definition/data.ts';
import type { ConfigPath } from '../tree.ts';

/** The entry of `data` whose columns a path refers to; null if there is none. */
export function datasetOf(path: ConfigPath): DatasetName | null {
  const [top, name, stage] = path;
  if (top === 'data') {
    if (name === 'clicks')
      return stage === undefined || Object.hasOwn(clicks.fields, stage) ? 'clicks' : `clicks.${stage}`;
    if (name === 'features') return stage === undefined ? null : `features.${stage}`;
    const target = name === 'samples' ? `samples.${stage}` : name;
    return datasetNames.find((dataset) => dataset === target) ?? null;
  }
  if (top === 'events') return 'impressions';
  if (top === 'stages' && path.at(-3) === 'exclude' && path.at(-2) === 'history') return 'impressions';
  // `where` of a source filters the corpus.
  return top === 'stages' && path.includes('where') ? 'items' : null;
}
