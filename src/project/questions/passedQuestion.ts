import { negativeName } from '../../core/data/columnOwner.ts';
import { datasetEntry, sampleName } from '../../core/data/dataColumns.ts';
import type { PassedColumn } from '../../core/data/passThrough.ts';
import { passThroughColumns } from '../../core/policy/resolvedPasses.ts';
import type { AskedQuestion } from '../../protocol/answers.ts';
import { askedEventTables } from '../facts/askedEventTables.ts';
import type { SampleAsked } from './drawnQuestions.ts';

/** The columns that a sample file copies, and the data sets that have their values. */
export function askPassedValues({
  config,
  facts,
  stage,
  tables,
  samples,
  timezone,
}: SampleAsked): AskedQuestion<'passed-values'> {
  const name = sampleName(stage.name);
  const isWide = datasetEntry(config, name)?.layout === 'wide';
  const columns = passThroughColumns({ config, facts }).filter(
    (column) => tables.hasColumn(name, column.name) || (isWide && tables.hasColumn(name, negativeName(column.name))),
  );
  const reads = (from: PassedColumn['from'], ...roles: readonly string[]): boolean =>
    columns.some((column) => column.from === from) && tables.has(from, ...roles);
  // Offline items keep their values.
  const withoutFilter = <T extends { readonly where?: unknown }>({ where: _some, ...table }: T): Omit<T, 'where'> =>
    table;
  const exposed = stage.entries.flatMap(({ name: entry, source }) =>
    source?.name === 'exposed_unclicked' ? [samples.columns.entry ? entry : source.name] : [],
  );
  return {
    kind: 'passed-values',
    timezone,
    samples,
    columns,
    exposed: stage.unit === 'impression' || !(samples.columns.entry ?? samples.columns.source) ? null : exposed,
    ...(reads('items', 'item') ? { items: withoutFilter(tables.table('items', ['item'])) } : {}),
    ...(reads('users', 'user') && samples.columns.user
      ? { users: withoutFilter(tables.table('users', ['user'])) }
      : {}),
    ...(reads('impressions', 'user', 'item', 'time')
      ? {
          impressions: tables.table('impressions', ['user', 'item', 'time'], ['request'] as const),
          ...askedEventTables(config, tables, stage.unit ?? undefined),
        }
      : {}),
    ...(reads('candidates', 'item', 'request') && samples.columns.request
      ? { candidates: withoutFilter(tables.table('candidates', ['item', 'request'])) }
      : {}),
  };
}
