import type { DeclaredSequence } from '../audit/sampleColumns.ts';
import type { ConfigDraft } from '../config/definition/config.ts';
import { datasetNames, type ClicksEntry, type DatasetName } from '../config/definition/data.ts';
import { isFeatureTable, nameOfPassed } from '../config/definition/passThrough.ts';
import type { ColumnChoice } from '../config/definition/table.ts';
import { ownValue } from '../ownValue.ts';
import { stages, type Stage } from '../schema/stage.ts';
import type { ConfigPath } from '../config/tree.ts';
import type { Where } from '../source/where.ts';
import type { SampleLayout } from '../schema/sampleLayout.ts';

/** Roles of `columns`, grouped by their content. */
export const idRoles = ['user', 'item', 'positive_item', 'request'] as const;
export const timeRoles = ['time', 'created', 'removed', 'snapshot', 'known', 'valid_from', 'valid_to'] as const;
export const flagRoles = ['label', 'viewed'] as const;

/** A column that the config names in an entry of `data`. */
export interface DataColumn {
  readonly dataset: DatasetName;
  /** A key of `columns`; `attributes` for each name in that list. */
  readonly role: string;
  readonly name: string;
  readonly unit?: 's' | 'ms' | 'us';
  readonly type?: 'int64' | 'string';
  /** Path of the name in the config. */
  readonly path: ConfigPath;
}

/** An entry of `data` or a sample file, with the keys that all of them share. */
export interface DatasetEntry {
  readonly path?: string;
  readonly table?: string;
  /** Types of the columns of `table`, as Spark names them. */
  readonly types?: Readonly<Record<string, string>>;
  readonly layout?: SampleLayout;
  readonly columns?: Readonly<Record<string, ColumnChoice | readonly string[]>>;
  readonly where?: Where;
  readonly partition?: { readonly column?: string; readonly day_of?: string };
  /** The column of whose values each is a complete table. */
  readonly snapshot?: ColumnChoice;
  readonly sequences?: Readonly<
    Record<string, { readonly columns?: DatasetEntry['columns']; readonly separator?: string }>
  >;
}

export const sampleName = (stage: Stage): DatasetName => `samples.${stage}`;

/** The stage of a sample file; null for the other data sets. */
export function stageOfSamples(name: DatasetName): Stage | null {
  return stages.find((stage) => sampleName(stage) === name) ?? null;
}

/** Path of the key `path` of the sample file of a stage, where rules report what is wrong with its rows. */
export const samplePathKey = (stage: Stage): ConfigPath => [...datasetPath(sampleName(stage)), 'path'];

/** Path of a data set in the config. */
export function datasetPath(name: DatasetName): ConfigPath {
  const stage = stageOfSamples(name);
  if (stage) return ['data', 'samples', stage];
  if (isFeatureTable(name)) return ['data', 'features', nameOfPassed(name)];
  return name.startsWith(clicksPrefix) ? ['data', 'clicks', name.slice(clicksPrefix.length)] : ['data', name];
}

export function datasetEntry(config: Pick<ConfigDraft, 'data'>, name: DatasetName): DatasetEntry | undefined {
  const stage = stageOfSamples(name);
  if (isClicks(name)) return clicksOf(config).find((entry) => entry.name === name);
  if (isFeatureTable(name)) return ownValue(config.data?.features, nameOfPassed(name)) as DatasetEntry | undefined;
  const data: Readonly<Record<string, unknown>> = config.data ?? {};
  return (stage ? config.data?.samples?.[stage] : data[name]) as DatasetEntry | undefined;
}

/** The entries of `data` that the config has, in the order of the definition. */
export function datasetsOf(config: ConfigDraft): DatasetName[] {
  return datasetNames.flatMap((name): DatasetName[] =>
    name === 'clicks'
      ? clicksOf(config).map((entry) => entry.name)
      : [
          ...(datasetEntry(config, name) === undefined ? [] : [name]),
          ...(name === 'users' ? featureNames(config) : []),
        ],
  );
}

/** The data sets in folders by day, and the column in the folder names. */
export function datasetsByDay(config: ConfigDraft): { readonly dataset: DatasetName; readonly column: string }[] {
  return datasetsOf(config).flatMap((dataset) => {
    const { column, day_of: dayOf } = datasetEntry(config, dataset)?.partition ?? {};
    return column === undefined || dayOf === undefined ? [] : [{ dataset, column }];
  });
}

const clicksPrefix = 'clicks.';

/** True if a data set is a table of events. */
export function isClicks(name: DatasetName): name is 'clicks' | `clicks.${string}` {
  return name === 'clicks' || name.startsWith(clicksPrefix);
}

/** A table of events. `name`: `clicks` if it is the only one, else `clicks.<name>`. */
export type ClicksTable = ClicksEntry & { readonly name: 'clicks' | `clicks.${string}` };

/** The tables of events, in the order of the config. */
export function clicksOf(config: Pick<ConfigDraft, 'data'>): readonly ClicksTable[] {
  const { clicks } = config.data ?? {};
  if (clicks === undefined) return [];
  if (isOneTable(clicks)) return [{ ...clicks, name: 'clicks' }];
  return Object.entries(clicks).map(([name, entry]) => ({ ...entry, name: `clicks.${name}` as const }));
}

const tableKeys = ['path', 'table', 'types', 'partition', 'columns', 'where', 'events', 'within', 'unmatched'] as const;

/** True for one table. A map without a key of `tableKeys` is a map of tables by name. */
function isOneTable(clicks: ClicksEntry | Readonly<Record<string, ClicksEntry>>): clicks is ClicksEntry {
  return tableKeys.some((key) => Object.hasOwn(clicks, key)) || Object.keys(clicks).length === 0;
}

/** The tables of `data.features`, in the order of the config. */
export function featureNames(config: Pick<ConfigDraft, 'data'>): `features.${string}`[] {
  return Object.keys(config.data?.features ?? {}).map((name) => `features.${name}` as const);
}

/** Every column that the config names in a data set, in text order. */
export function dataColumns(config: Pick<ConfigDraft, 'data'>, dataset: DatasetName): DataColumn[] {
  const path = datasetPath(dataset);
  const { columns, snapshot } = datasetEntry(config, dataset) ?? {};
  return [
    ...columnsIn(dataset, [...path, 'columns'], columns),
    ...(snapshot === undefined ? [] : columnsIn(dataset, path, { snapshot })),
  ];
}

/** The sequences that the config declares in the sample file of a stage; empty for other data sets. */
export function declaredSequences(
  config: ConfigDraft,
  dataset: DatasetName,
): (DeclaredSequence & { readonly columns: readonly DataColumn[] })[] {
  return Object.entries(datasetEntry(config, dataset)?.sequences ?? {}).map(([name, sequence]) => {
    const location = [...datasetPath(dataset), 'sequences', name, 'columns'];
    return { name, columns: columnsIn(dataset, location, sequence.columns), separator: sequence.separator ?? null };
  });
}

function columnsIn(dataset: DatasetName, location: ConfigPath, columns: DatasetEntry['columns'] = {}): DataColumn[] {
  return Object.entries(columns).flatMap(([role, choice]): DataColumn[] => {
    if (typeof choice === 'string') return [{ dataset, role, name: choice, path: [...location, role] }];
    if (Array.isArray(choice))
      return choice.map((name: string, k) => ({ dataset, role, name, path: [...location, role, k] }));
    const { column, unit, type } = choice as Exclude<ColumnChoice, string>;
    if (column === undefined) return [];
    return [
      {
        dataset,
        role,
        name: column,
        ...(unit ? { unit } : {}),
        ...(type ? { type } : {}),
        path: [...location, role, 'column'],
      },
    ];
  });
}

/** The column with a role; undefined if the config names none. */
export function dataColumn(
  config: Pick<ConfigDraft, 'data'>,
  dataset: DatasetName,
  role: string,
): DataColumn | undefined {
  return dataColumns(config, dataset).find((column) => column.role === role);
}
