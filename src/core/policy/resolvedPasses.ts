import { passedTables } from '../config/definition/passThrough.ts';
import { columnNamed } from '../data/columnKinds.ts';
import { datasetEntry } from '../data/dataColumns.ts';
import type { Need } from '../data/need.ts';
import {
  passedColumn,
  passedEntries,
  type PassedColumn,
  type PassedPlace,
  type PassProblem,
} from '../data/passThrough.ts';
import { datasetNeeds } from './datasetNeeds.ts';
import type { RuleContext } from './rule.ts';

/** Needs of a rule about columns that are passed through. Empty if there are none. */
export function passNeeds(context: Pick<RuleContext, 'config' | 'facts'>): Need[] {
  if (passedEntries(context.config).length === 0) return [];
  return datasetNeeds(
    context,
    passedTables.filter((table) => datasetEntry(context.config, table)),
  );
}

/** Entries of `output.pass_through`, with where their values come from. Only entries whose data sets are known. */
export function resolvedPasses({
  config,
  facts,
}: Pick<RuleContext, 'config' | 'facts'>): (PassedPlace & { readonly resolution: PassedColumn | PassProblem })[] {
  const configured = passedTables.filter((table) => datasetEntry(config, table));
  return passedEntries(config).flatMap((place) => {
    const { from } = place.asked;
    const asked = configured.filter((table) => from === undefined || table === from);
    if (asked.length === 0 || asked.some((table) => facts.dataset(table)?.state !== 'known')) return [];
    const resolution = passedColumn(place.asked, (table, column) => {
      const known = asked.includes(table) ? facts.dataset(table) : undefined;
      return known?.state === 'known' && columnNamed(known, column) !== undefined;
    });
    return [{ ...place, resolution }];
  });
}

/** The columns that the sample file copies. Columns whose data set is unknown are missing. */
export function passThroughColumns(context: Pick<RuleContext, 'config' | 'facts'>): PassedColumn[] {
  return resolvedPasses(context).flatMap(({ resolution }) => (isPassProblem(resolution) ? [] : [resolution]));
}

export function isPassProblem(resolution: PassedColumn | PassProblem): resolution is PassProblem {
  return 'kind' in resolution;
}
