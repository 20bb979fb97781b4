import { fail } from '../../message/failure.ts';
import { message } from '../../message/message.ts';
import { Source } from './source.ts';
import { escapedPath, wildcard } from '../places.ts';
import { sparkTables, type SparkEventTable, type SparkJob, type SparkTable, type SparkTableName } from '../sparkJob.ts';
import type { InputStep } from '../script.ts';

/** Where Spark finds a path of this machine. */
export interface InputRoot {
  readonly from: string;
  readonly to: string;
}

/** The data sets of a job. */
export class Sources {
  readonly #all: ReadonlyMap<SparkTableName, Source>;
  /** The tables of events. */
  readonly clicks: readonly { readonly table: SparkEventTable; readonly source: Source }[];

  /** True if rows are drawn by the candidates. Else their columns are at most copied. */
  readonly drawsCandidates: boolean;

  constructor({ inputs: { tables, clicks }, plan: { unit, entries, teacher } }: SparkJob) {
    this.clicks = clicks.map((table, k) => ({ table, source: new Source(table.name, table.table, `raw_events_${k}`) }));
    this.drawsCandidates =
      tables.candidates !== undefined &&
      (unit === 'request' ||
        teacher?.from === 'candidates' ||
        entries.some(({ draws }) => draws.kind === 'list' && draws.rows.of === 'candidates'));
    this.#all = new Map(
      sparkTables.flatMap((name) => {
        const table = tables[name];
        return table ? [[name, new Source(name, table)] as const] : [];
      }),
    );
  }

  /** @throws FailureError if ids of one kind are integers in one data set and texts in another */
  checkIds(): void {
    const log = this.required('impressions');
    for (const source of this.#every())
      for (const role of ['user', 'item', 'request'])
        if (source.hasRole(role) && log.hasRole(role) && source.isInteger(role) !== log.isInteger(role))
          throw fail(
            'unsupported',
            message('The ids of data.{0} and data.impressions have different types: {1}', source.name, role),
            {
              place: { path: source.table.path, column: source.role(role).name },
              advice: message('Give both the same type in the config: {0}.', `${role}: {column: …, type: string}`),
            },
          );
  }

  get(name: SparkTableName): Source | null {
    return this.#all.get(name) ?? null;
  }

  required(name: SparkTableName): Source {
    const source = this.#all.get(name);
    if (!source) throw new Error(`the job has no data.${name}`);
    return source;
  }

  #every(): Source[] {
    return [...this.#all.values(), ...this.clicks.map(({ source }) => source)];
  }

  /** Names of the data sets, as below `data` of the config. */
  get names(): string[] {
    return this.#every().map(({ name }) => name);
  }

  /** The statements that read the files. */
  steps(roots: readonly InputRoot[]): InputStep[] {
    return this.#every()
      .map((source) => {
        const { path, table } = source.table;
        return source.step(table === null ? placeOf(source.table, roots) : { path, folder: path, basePath: null });
      })
      .filter(({ columns }) => columns.length > 0);
  }

  /** Where the files of each data set are, if all of them are read: not only those of some days, and no tables. */
  inputsOf(roots: readonly InputRoot[]): readonly { readonly name: string; readonly path: string }[] {
    return this.#every().flatMap(({ name, table }) =>
      table.days === undefined && table.table === null ? [{ name, path: placeOf(table, roots).path }] : [],
    );
  }
}

/** The roots that no path of a job begins with. */
export function unusedRoots({ inputs: { tables, clicks } }: SparkJob, roots: readonly InputRoot[]): InputRoot[] {
  const all = [...Object.values(tables), ...clicks.map(({ table }) => table)].filter(({ table }) => table === null);
  return roots.filter(({ from }) => !all.some(({ path }) => isBelow(path, from)));
}

const isBelow = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);

function placeOf(
  { path, isPattern, isPartitioned }: SparkTable,
  roots: readonly InputRoot[],
): Pick<InputStep, 'path' | 'folder' | 'basePath'> {
  const first = isPattern ? path.search(wildcard) : -1;
  if (first < 0) {
    const folder = mapped(path, roots);
    return { path: escapedPath(folder), folder, basePath: null };
  }
  const at = path.lastIndexOf('/', first);
  const folder = mapped(path.slice(0, at) || '/', roots);
  // Without the folder, Spark loses the columns of the partitions that a pattern names.
  return {
    // Characters that only Hadoop's patterns have.
    path: `${escapedPath(folder.replace(/\/+$/, ''))}${path.slice(at).replaceAll(/[\\^&]/g, String.raw`\$&`)}`,
    folder,
    basePath: isPartitioned ? folder : null,
  };
}

function mapped(path: string, roots: readonly InputRoot[]): string {
  const root = roots.find(({ from }) => isBelow(path, from));
  if (!root) return path;
  const rest = path.slice(root.from.length).replace(/^\/+/, '');
  return rest === '' ? root.to : `${root.to.replace(/\/+$/, '')}/${rest}`;
}
