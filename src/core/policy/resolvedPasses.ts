import { isFeatureTable } from '../config/definition/passThrough.ts';
import { columnNamed } from '../data/columnKinds.ts';
import type { Need } from '../data/need.ts';
import {
  passedColumn,
  passedSources,
  passThroughEntries,
  type PassedColumn,
  type PassThroughEntry,
  type PassProblem,
} from '../data/passThrough.ts';
import { datasetNeeds } from './datasetNeeds.ts';
import type { RuleContext } from './rule.ts';

/** Needs of a rule about columns that are passed through. Empty if there are none. */
export function passThroughNeeds(context: Pick<RuleContext, 'config' | 'facts'>): Need[] {
  if (passThroughEntries(context.config).length === 0) return [];
  return datasetNeeds(
    context,
    passedSources(context.config).map(({ table }) => table),
  );
}

/** Entries of `output.pass_through`, with where their values come from. Only entries whose data sets are known. */
export function resolvedPassThrough({
  config,
  facts,
}: Pick<RuleContext, 'config' | 'facts'>): (PassThroughEntry & { readonly resolution: PassedColumn | PassProblem })[] {
  const configured = passedSources(config);
  return passThroughEntries(config).flatMap((indexed) => {
    const { column, from } = indexed.keys;
    const sources = configured.filter(({ table }) => (from === undefined ? !isFeatureTable(table) : table === from));
    if (sources.length === 0 || sources.some(({ table }) => facts.dataset(table)?.state !== 'known')) return [];
    const having = sources.filter(({ table }) => {
      const file = facts.dataset(table);
      return file?.state === 'known' && columnNamed(file, column) !== undefined;
    });
    return [{ ...indexed, resolution: passedColumn(indexed.keys, having) }];
  });
}

/** The columns that the sample file copies. Columns whose data set is unknown are missing. */
export function passThroughColumns(context: Pick<RuleContext, 'config' | 'facts'>): PassedColumn[] {
  return resolvedPassThrough(context).flatMap(({ resolution }) => (isPassProblem(resolution) ? [] : [resolution]));
}

export function isPassProblem(resolution: PassedColumn | PassProblem): resolution is PassProblem {
  return 'kind' in resolution;
}
