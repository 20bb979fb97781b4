import type { ConfigDraft } from '../../core/config/definition/config.ts';
import type { DatasetName } from '../../core/config/definition/data.ts';
import { columnNamed, idKind, itemType, type IdKind, type KnownDataset } from '../../core/data/columnKinds.ts';
import { negativeName } from '../../core/data/columnOwner.ts';
import { comparisonProblemIn, comparisonsOf } from '../../core/data/comparison.ts';
import type { ColumnComparison } from '../../core/source/where.ts';
import { dataColumn, datasetEntry, idRoles, stageOfSamples } from '../../core/data/dataColumns.ts';
import { sampleIdType } from '../../core/data/sampleIds.ts';
import type { Facts } from '../../core/data/facts.ts';
import type { PathRules } from '../../core/data/refusedPath.ts';
import { refuse, type FailureError } from '../../core/message/failure.ts';
import { message, type Message } from '../../core/message/message.ts';
import type { Column } from '../../core/table/dataset.ts';
import { typeName } from '../../core/table/type.ts';
import type { AskedColumn, AskedTable } from '../../protocol/askedTable.ts';
import type { DatasetRef } from '../../protocol/datasetRef.ts';
import { dataPlace } from './dataPlace.ts';
import { isTable, tableRef } from './declaredTable.ts';
import { lintRef } from './probeDataset.ts';

/** The ids of a column and how they are compared. */
interface NamedIds {
  readonly kind: IdKind;
  readonly dataset: DatasetName;
  readonly column: Column;
  /** True if the ids are strings only because the files carry no types. */
  readonly untyped: boolean;
}

/** Explains why ids cannot be compared with the first ids of their role, and how to fix it. */
function idMismatch(ids: NamedIds, first: NamedIds): Message {
  const {
    column: { name, type },
    dataset,
  } = ids;
  if (ids.kind === 'other')
    return message(
      'column {0} of data.{1} has type {2}, which cannot store ids exactly',
      name,
      dataset,
      typeName(type),
    );
  if (first.kind === 'other') return idMismatch(first, ids);
  const difference =
    ids.kind === 'string'
      ? message(
          'the ids in column {0} of data.{1} are strings, but those in data.{2} are integers',
          name,
          dataset,
          first.dataset,
        )
      : message(
          'the ids in column {0} of data.{1} are integers, but those in data.{2} are strings',
          name,
          dataset,
          first.dataset,
        );
  const untyped = [ids, first].find((candidate) => candidate.untyped);
  return untyped
    ? message(
        '{0} (write {1} in data.{2} to read them as integers)',
        difference,
        `{column: ${untyped.column.name}, type: int64}`,
        untyped.dataset,
      )
    : difference;
}

/**
 * Translates data sets and roles of a config to the tables and columns of engine questions, checked against the files.
 * Throws a `FailureError` if the config and the files do not match, because the answer would then be wrong.
 */
export class DataTables {
  /** The first ids requested for each role. All ids of a role must be comparable with them. */
  readonly #firstIds = new Map<string, NamedIds>();

  constructor(
    private readonly config: ConfigDraft,
    private readonly facts: Facts,
    private readonly place: PathRules,
  ) {}

  /** Columns for `required` roles must exist. `optional` roles are left out if the config names no column for them. */
  table<R extends string, O extends string = never>(
    dataset: DatasetName,
    required: readonly R[],
    optional: readonly O[] = [],
  ): AskedTable<R, O> {
    const table = this.#knownDataset(dataset);
    const columns: Partial<Record<R | O, AskedColumn>> = {};
    for (const role of required) {
      const column = this.#column(dataset, table, role);
      if (!column) throw noColumn(dataset, role);
      columns[role] = column;
    }
    for (const role of optional) {
      const column = this.#column(dataset, table, role);
      if (column) columns[role] = column;
    }
    const { where } = datasetEntry(this.config, dataset) ?? {};
    this.requireComparable(dataset, where ? comparisonsOf(where) : []);
    return {
      ref: this.#ref(dataset, table),
      columns: columns as AskedTable<R, O>['columns'],
      ...(where ? { where } : {}),
    };
  }

  /** True if the config names the data set, its files are known, and the config names columns for all the roles. */
  has(dataset: DatasetName, ...roles: readonly string[]): boolean {
    return (
      this.facts.dataset(dataset)?.state === 'known' &&
      roles.every((role) => dataColumn(this.config, dataset, role) !== undefined)
    );
  }

  /** True if the files have a column with that name. */
  hasColumn(dataset: DatasetName, name: string): boolean {
    const table = this.facts.dataset(dataset);
    return table?.state === 'known' && columnNamed(table, name) !== undefined;
  }

  /** @throws FailureError if a column of the data set has a type that its condition cannot compare */
  requireComparable(dataset: DatasetName, comparisons: readonly ColumnComparison[]): void {
    const table = this.facts.dataset(dataset);
    if (table?.state !== 'known') return;
    const problem = comparisonProblemIn(comparisons, table);
    if (problem) throw refuse('comparison', problem.message, { advice: problem.advice });
  }

  #knownDataset(dataset: DatasetName): KnownDataset {
    const table = this.facts.dataset(dataset);
    if (table?.state === 'closed' && table.reason === 'table')
      throw refuse(
        'dataset-unavailable',
        message('data.{0} is a Spark table, which only the Spark job can read', dataset),
      );
    if (table?.state !== 'known') throw unknownColumns(dataset);
    return table;
  }

  #ref(dataset: DatasetName, { fingerprint, columns }: KnownDataset): DatasetRef {
    const entry = datasetEntry(this.config, dataset) ?? {};
    if (isTable(entry)) return tableRef(entry, columns);
    const location = dataPlace(entry, this.place, true);
    if ('facts' in location) throw unknownColumns(dataset);
    return { ...lintRef(location.path, location.root), fingerprint };
  }

  #column(dataset: DatasetName, known: KnownDataset, role: string): AskedColumn | undefined {
    const declared = dataColumn(this.config, dataset, role);
    if (!declared) return undefined;
    const { name, unit } = declared;
    const entry = datasetEntry(this.config, dataset);
    const isWide = entry?.layout === 'wide';
    // Which rows are negatives follows from the layout.
    if (isWide && role === 'label') return { name };
    const column = columnNamed(known, name) ?? (isWide ? columnNamed(known, negativeName(name)) : undefined);
    if (!column)
      throw refuse(
        'column-missing',
        isTable(entry ?? {})
          ? message('data.{0}.types has no column {1}', dataset, name)
          : message('the files of data.{0} have no column {1}', dataset, name),
      );
    // Values are read like ids, but they are not compared with those of other tables.
    if (role === 'value' && (column.type.kind === 'list' || idKind(declared, column, false) === 'other'))
      throw refuse(
        'event-columns',
        message(
          'column {0} of data.{1} must contain integers or texts, but its type is {2}; type: string reads them as texts',
          name,
          dataset,
          typeName(column.type),
        ),
      );
    if (role === 'value')
      return declared.type === undefined && column.type.kind === 'integer' && !known.textual
        ? { name }
        : { name, type: declared.type ?? 'string' };
    if (!idRoles.some((id) => id === role)) return { name, ...(unit ? { unit } : {}) };
    const type = sampleIdType(declared, this.config, this.facts);
    const kind = idKind({ ...declared, ...(type ? { type } : {}) }, column, known.textual);
    // Both roles contain item ids, so they must be comparable.
    const group = role === 'positive_item' ? 'item' : role;
    const ids = { kind, dataset, column, untyped: !type && (known.textual || column.partition) };
    const first = this.#firstIds.get(group);
    if (first && first.kind !== kind) throw refuse('id-mismatch', idMismatch(ids, first));
    if (!first) this.#firstIds.set(group, ids);
    // Untyped ids are compared as strings, even if they look like numbers.
    const askedType = type ?? (kind === 'string' ? 'string' : undefined);
    // Without a type, the question equals that of an audit, which uses the file's type. Its counts are then reused.
    const isFileType = !declared.type && stageOfSamples(dataset) !== null && askedType === fileIdType(column);
    return { name, ...(askedType && !isFileType ? { type: askedType } : {}) };
  }
}

function fileIdType(column: Column): AskedColumn['type'] {
  const { kind } = itemType(column.type);
  return kind === 'integer' ? 'int64' : kind === 'string' ? 'string' : undefined;
}

export function noColumn(dataset: string, role: string): FailureError {
  return refuse('column-undeclared', message('data.{0} has no column {1}', dataset, role));
}

function unknownColumns(dataset: DatasetName): FailureError {
  return refuse('dataset-unavailable', message('the columns of data.{0} are not known', dataset));
}
