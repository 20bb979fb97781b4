import type { LogicalType } from '../table/type.ts';
import type { Expression, Relation } from '../relation/tree.ts';

/** A data set as the script reads it. */
export interface InputStep {
  readonly kind: 'input';
  readonly name: string;
  readonly about: readonly string[];
  /**
   * Where Spark finds the files, after `--input-root`, as a pattern in which other characters are escaped; the name of
   * a table as the config writes it.
   */
  readonly path: string;
  /** The file or folder, or the folder above the first wildcard. */
  readonly folder: string;
  /** Parts of the name of a table in the catalog; null: files. */
  readonly table: readonly string[] | null;
  /** The folder above the partitions, if the path is a pattern below it. */
  readonly basePath: string | null;
  readonly columns: readonly { readonly name: string; readonly type: LogicalType }[];
  /** Null for Parquet files and tables of the catalog. */
  readonly file: TextFile | null;
}

/** How text files are read. */
export interface TextFile {
  readonly format: 'csv' | 'json';
  readonly delimiter: string;
  readonly hasHeader: boolean;
  /** The columns of the files by position, then those of the folder names. */
  readonly columns: InputStep['columns'];
}

/**
 * `view`: computed where it is named, because it is cheap or read once. `table`: written to the work folder, because it
 * is costly and read several times.
 */
export interface RowsStep {
  readonly kind: 'view' | 'table';
  readonly name: string;
  readonly about: readonly string[];
  readonly rows: Relation;
  /** True for a table with at most a few hundred rows, for data of any size. */
  readonly isFew?: boolean;
}

/** The rows of the result. */
export interface OutputStep {
  readonly kind: 'output';
  readonly name: string;
  readonly about: readonly string[];
  readonly rows: Relation;
  /** Folders of days. Null: all files are in one folder. */
  readonly partition: OutputPartition | null;
}

/** `column`: the last column of the rows, which names their folder. `columns`: the columns in the files. */
export interface OutputPartition {
  readonly column: string;
  readonly columns: readonly { readonly name: string; readonly type: LogicalType }[];
}

/** Counts for the lock file that must be computed from the data. */
export interface CountsTable {
  readonly name: string;
  readonly about: readonly string[];
  readonly rows: Relation;
}

/** What the job records about files: size and time of the inputs and of the result, and the rows of the result. */
export interface CountedFiles {
  /** Digest of the plan, in every row. */
  readonly plan: string;
  readonly inputs: readonly { readonly name: string; readonly path: string }[];
  /** Number of samples in a row of the result. */
  readonly samples: Expression;
  /** True if the result has folders of days. */
  readonly isPartitioned: boolean;
}

/** The folder with JSON next to the result, from which the lock file is made: small tables, and files. */
export interface CountsStep {
  readonly kind: 'counts';
  readonly name: string;
  readonly about: readonly string[];
  readonly tables: readonly CountsTable[];
  readonly files: CountedFiles;
}

/**
 * A folder of an extract: rows of the data in Parquet, which later steps may read by the name of the step, or metadata
 * in JSON.
 */
export interface ExtractStep {
  readonly kind: 'extract';
  readonly name: string;
  readonly folder: string;
  readonly format: 'parquet' | 'json';
  readonly about: readonly string[];
  readonly rows: Relation;
}

/**
 * Ends the job if rows are wrong. `rows` has one row with `wrong`: their number, and `example`: one of them as text.
 */
export interface CheckStep {
  readonly kind: 'check';
  readonly name: string;
  readonly about: readonly string[];
  readonly rows: Relation;
  /** Fails if `wrong` is above 0. */
  readonly failure: string;
}

/** Ends the job if its inputs do not have the columns that it was written for. */
export interface DeclaredStep {
  readonly kind: 'declared';
  readonly name: string;
  readonly about: readonly string[];
  readonly inputs: readonly InputStep[];
  /** What is checked: that there are files, that the columns exist, or their types. */
  readonly subject: 'files' | 'columns' | 'types';
}

export type Step = InputStep | DeclaredStep | RowsStep | CheckStep | OutputStep | CountsStep | ExtractStep;

export interface Section {
  readonly title: string;
  readonly steps: readonly Step[];
}

/** The attempts after those of a step `<entry>__accepted_1`. The queries read columns that later steps read too. */
export interface FurtherAttempts {
  readonly entry: string;
  readonly salts: readonly [number, number];
  /** The greatest one of a group. */
  readonly quota: number;
  /** Groups that are not full: their key, `quota`, `items`, and `own` if they never draw it. */
  readonly groups: Relation;
  /** `user`, `part` and `item` of what they exclude of the pool; null: nothing. */
  readonly excluded: Relation | null;
}

/** See `Script.noteRowsOnlyIf`. */
export type RowsOnlyIf = readonly [step: string, rows: Relation, like: string | null];

/** The statements of a job in their order. */
export class Script {
  readonly #sections: { readonly title: string; readonly steps: Step[] }[] = [];
  readonly #names = new Set<string>();
  readonly #counts: CountsTable[] = [];
  readonly #aliasTables: string[] = [];
  readonly #furtherAttempts: FurtherAttempts[] = [];
  readonly #rowsOnlyIf: RowsOnlyIf[] = [];

  /** The steps by name, and by which steps each name is read; null after a change. */
  #readers: ReturnType<typeof readersOf> | null = null;

  get sections(): readonly Section[] {
    return this.#sections;
  }

  section(title: string): void {
    this.#sections.push({ title, steps: [] });
  }

  hasStep(name: string): boolean {
    return this.#names.has(name);
  }

  /** Rows that are read in one place, or cheap to compute. */
  view(name: string, rows: Relation, ...about: readonly string[]): string {
    return this.#add({ kind: 'view', name, rows, about });
  }

  /** Rows that are read in several places. */
  table(name: string, rows: Relation, ...about: readonly string[]): string {
    return this.#add({ kind: 'table', name, rows, about });
  }

  /** Rows that are read in several places, and at most some hundred, however large the data are. */
  fewRows(name: string, rows: Relation, ...about: readonly string[]): string {
    return this.#add({ kind: 'table', name, rows, about, isFew: true });
  }

  /**
   * Notes that steps from `<pool>__ranges` to `<pool>__alias` make the only table of a pool and its alias table from
   * the view `<pool>__items`.
   */
  noteAliasTable(pool: string): void {
    this.#aliasTables.push(pool);
  }

  /** The pools with one alias table. */
  get aliasTables(): readonly string[] {
    return this.#aliasTables;
  }

  /** Notes which groups need attempts after the first ones of an entry, and what they exclude. */
  noteFurtherAttempts(attempts: FurtherAttempts): void {
    this.#furtherAttempts.push(attempts);
  }

  /** Further attempts of entries that draw from a pool with one alias table. */
  get furtherAttempts(): readonly FurtherAttempts[] {
    return this.#furtherAttempts;
  }

  /**
   * Notes that a table is empty if a short query over steps that it reads, and over their columns, has no rows.
   * @param like a step before it with all its columns; null: there is none
   */
  noteRowsOnlyIf(step: string, rows: Relation, like: string | null = null): void {
    this.#rowsOnlyIf.push([step, rows, like]);
  }

  /** Such tables, each with its query. */
  get rowsOnlyIf(): readonly RowsOnlyIf[] {
    return this.#rowsOnlyIf;
  }

  /** The result, whose order and files are those of its rows. */
  output(rows: Relation, partition: OutputPartition | null, ...about: readonly string[]): void {
    this.#add({ kind: 'output', name: 'result', rows, partition, about });
  }

  check(name: string, rows: Relation, failure: string, ...about: readonly string[]): void {
    this.#add({ kind: 'check', name, rows, failure, about });
  }

  /** Rows that the lock file needs. `writeCounts` writes them. */
  counts(name: string, rows: Relation, ...about: readonly string[]): void {
    this.#readers = null;
    this.#counts.push({ name, rows, about });
  }

  /** Writes all counts at once: the folder is complete or not. Must be the last step. */
  writeCounts(files: CountedFiles, ...about: readonly string[]): void {
    this.#add({ kind: 'counts', name: 'counts', about, tables: this.#counts, files });
  }

  /** Rows of a folder of an extract. */
  extract(
    name: string,
    folder: string,
    format: ExtractStep['format'],
    rows: Relation,
    ...about: readonly string[]
  ): string {
    return this.#add({ kind: 'extract', name, folder, format, rows, about });
  }

  /** Turns tables that are read at most this often into views: their rows are computed where they are read. */
  readInPlace(table: string, most: number): void {
    if (this.#reads(table, isAny) > most) return;
    for (const { steps } of this.#sections)
      steps.forEach((step, k) => {
        if (step.kind === 'table' && step.name === table) {
          const view: Step = { ...step, kind: 'view' };
          steps[k] = view;
          // What it reads does not change.
          this.#readers?.steps.set(table, view);
        }
      });
  }

  /** True if the step that writes the result computes these rows, if they are not written. */
  isReadByOutput(name: string): boolean {
    return this.#reads(name, ({ kind }) => kind === 'output') > 0;
  }

  /** Leaves out views that no step reads. */
  dropUnreadViews(): void {
    for (const { steps } of this.#sections)
      steps.splice(
        0,
        steps.length,
        ...steps.filter(({ kind, name }) => kind !== 'view' || this.#reads(name, isAny) > 0),
      );
    this.#readers = null;
  }

  /** Changes the steps: `change` returns as many, in their order. */
  changeSteps(change: (steps: readonly Step[]) => Step[]): void {
    const changed = change(this.#sections.flatMap(({ steps }) => steps));
    for (const { steps } of this.#sections) steps.splice(0, steps.length, ...changed.splice(0, steps.length));
    this.#readers = null;
  }

  /** How often rows are computed if they are not written: a view is computed where it is read. */
  #reads(name: string, isCounted: (step: Step) => boolean, known = new Map<string, number>()): number {
    const { steps, of } = (this.#readers ??= readersOf(this.#sections));
    let sum = known.get(name);
    if (sum !== undefined) return sum;
    sum = 0;
    for (const [reader, count] of of.get(name) ?? []) {
      const step = steps.get(reader);
      if (step) sum += count * (step.kind === 'view' ? this.#reads(reader, isCounted, known) : Number(isCounted(step)));
    }
    known.set(name, sum);
    return sum;
  }

  /** Puts the inputs first: only the other steps know which columns they need. */
  inputs(title: string, steps: readonly (InputStep | DeclaredStep)[]): void {
    this.#sections.unshift({ title, steps: [...steps] });
    this.#readers = null;
  }

  /** Adds a step before all others. */
  first(title: string, step: ExtractStep): void {
    this.#sections.unshift({ title, steps: [step] });
    this.#readers = null;
  }

  /** Leaves out the result, and all rows that neither an extract nor a check reads. */
  keepNeeded(): void {
    const needed = new Set<string>();
    const kept = new Set<Step>();
    for (const step of this.#sections.flatMap(({ steps }) => steps).reverse()) {
      const isCheck = step.kind === 'check' || step.kind === 'declared';
      const isRead = step.kind === 'extract' || isCheck || needed.has(step.name);
      if (!isRead || step.kind === 'output') continue;
      kept.add(step);
      for (const name of namesRead(step)) needed.add(name);
    }
    for (const section of this.#sections)
      section.steps.splice(0, section.steps.length, ...section.steps.filter((step) => kept.has(step)));
    this.#sections.splice(0, this.#sections.length, ...this.#sections.filter(({ steps }) => steps.length > 0));
    this.#readers = null;
  }

  #add(step: Exclude<Step, InputStep | DeclaredStep>): string {
    if (this.#names.has(step.name)) throw new Error(`two steps have the name ${step.name}`);
    this.#names.add(step.name);
    const section = this.#sections.at(-1);
    if (!section) throw new Error('a step needs a section');
    section.steps.push(step);
    this.#readers = null;
    return step.name;
  }
}

const isAny = (): boolean => true;

/** How often steps read each name. */
type Reads = ReadonlyMap<string, number>;

function readersOf(sections: readonly Section[]): {
  readonly steps: Map<string, Step>;
  readonly of: ReadonlyMap<string, Reads>;
} {
  const steps = new Map<string, Step>();
  const of = new Map<string, Map<string, number>>();
  for (const step of sections.flatMap((section) => section.steps)) {
    steps.set(step.name, step);
    for (const name of namesRead(step)) {
      const reads = of.get(name) ?? new Map<string, number>();
      of.set(name, reads.set(step.name, (reads.get(step.name) ?? 0) + 1));
    }
  }
  return { steps, of };
}

/** The names of the rows that a step reads: one for each place in its query. */
export function namesRead(step: Step): readonly string[] {
  if ('rows' in step) return namesIn(step.rows);
  // The array of the tables still grows: only their queries do not change.
  return step.kind === 'counts' ? step.tables.flatMap(({ rows }) => namesIn(rows)) : [];
}

/** The names in parts of queries. They do not change, and queries share many parts. */
const foundNames = new WeakMap<object, readonly string[]>();

function namesIn(part: unknown): readonly string[] {
  if (typeof part !== 'object' || part === null) return [];
  const { kind, name } = part as { readonly kind?: unknown; readonly name?: unknown };
  if (kind === 'named') return [String(name)];
  let names = foundNames.get(part);
  if (!names) {
    names = Object.values(part).flatMap(namesIn);
    foundNames.set(part, names);
  }
  return names;
}
