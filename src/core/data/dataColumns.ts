import type { ConfigDraft } from '../config/definition/config.ts';
import { datasetNames, type ColumnChoice, type DatasetName } from '../config/definition/data.ts';
import { stages, type Stage } from '../schema/stage.ts';
import type { ConfigPath } from '../config/tree.ts';
import type { Where } from '../source/where.ts';

/** Roles of `columns`, grouped by their content. */
export const idRoles = ['user', 'item', 'positive_item', 'request'] as const;
export const timeRoles = ['time', 'created', 'removed'] as const;
export const flagRoles = ['label', 'viewed'] as const;

/** A column that the config names in an entry of `data`. */
export interface DataColumn {
  readonly dataset: DatasetName;
  /** A key of `columns`; `attributes` for each of its names. */
  readonly role: string;
  readonly name: string;
  readonly unit?: 's' | 'ms' | 'us';
  readonly type?: 'int64' | 'string';
  /** Path of its name. */
  readonly path: ConfigPath;
}

/** An entry of `data`, or a sample file; only the keys that all of them share. */
export interface DatasetEntry {
  readonly path?: string;
  readonly table?: string;
  readonly layout?: 'long' | 'wide' | 'grouped';
  readonly columns?: Readonly<Record<string, ColumnChoice | readonly string[]>>;
  readonly where?: Where;
}

export const sampleName = (stage: Stage): DatasetName => `samples.${stage}`;

/** The stage of a sample file; null for the other data sets. */
export function stageOfSamples(name: DatasetName): Stage | null {
  return stages.find((stage) => sampleName(stage) === name) ?? null;
}

/** Path of a data set in the config. */
export function datasetPath(name: DatasetName): ConfigPath {
  const stage = stageOfSamples(name);
  return stage ? ['data', 'samples', stage] : ['data', name];
}

export function datasetEntry(config: ConfigDraft, name: DatasetName): DatasetEntry | undefined {
  const stage = stageOfSamples(name);
  const data: Readonly<Record<string, unknown>> = config.data ?? {};
  return (stage ? config.data?.samples?.[stage] : data[name]) as DatasetEntry | undefined;
}

/** The entries of `data` that the config has, in the order of the definition. */
export function datasetsOf(config: ConfigDraft): DatasetName[] {
  return datasetNames.filter((name) => datasetEntry(config, name) !== undefined);
}

/** Every column that the config names in a data set, in text order. */
export function dataColumns(config: ConfigDraft, dataset: DatasetName): DataColumn[] {
  const at = [...datasetPath(dataset), 'columns'];
  return Object.entries(datasetEntry(config, dataset)?.columns ?? {}).flatMap(([role, choice]): DataColumn[] => {
    if (typeof choice === 'string') return [{ dataset, role, name: choice, path: [...at, role] }];
    if (Array.isArray(choice))
      return choice.map((name: string, k) => ({ dataset, role, name, path: [...at, role, k] }));
    const { column, unit, type } = choice as Exclude<ColumnChoice, string>;
    if (column === undefined) return [];
    return [
      {
        dataset,
        role,
        name: column,
        ...(unit ? { unit } : {}),
        ...(type ? { type } : {}),
        path: [...at, role, 'column'],
      },
    ];
  });
}

/** The column of one role; undefined if the config names none. */
export function dataColumn(config: ConfigDraft, dataset: DatasetName, role: string): DataColumn | undefined {
  return dataColumns(config, dataset).find((column) => column.role === role);
}
