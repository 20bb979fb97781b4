import { unknownIn } from '../../core/sampling/plan/unknownIn.ts';
import { failureOf } from '../../core/message/failure.ts';
import { message, type Message } from '../../core/message/message.ts';
import type { AuditRequest } from '../../protocol/audit.ts';
import type { Tables } from '../tables/tables.ts';
import type { Rows, Work } from '../database/connections.ts';
import type { SharedCounts } from '../tables/countedSample.ts';
import type { SampledTables } from '../inputs/sampledTables.ts';
import type { StageInput } from '../../core/statistics/itemCounts.ts';
import type { AskedColumn, AskedTable } from '../../protocol/askedTable.ts';
import type { SamplingData } from '../../protocol/sampling.ts';
import { withinPeriodSql } from '../tables/log.ts';
import { columnOf } from '../tables/roleTable.ts';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import { idKindOf, type SampleRelation } from './sampleRelation.ts';

/** What `--by` groups the rows by. */
export interface ByValue {
  /** As the user gave it. */
  readonly name: string;
  readonly from: 'day' | 'split' | 'sample' | 'users' | 'items';
  /** A column of the sample file, of the users or of the items. */
  readonly column: string;
}

/** A part of the sample: the rows with one value of the column of `--by`. */
export interface AuditPart {
  readonly value: string | null;
}

/** By entry of the config: the distance, in bits, between the input and what the entry draws for all users. */
export type ExpectedDistances = readonly { readonly entry: string; readonly distance: number | null }[];

/** What all phases, parts and samples of an audit share. */
interface Shared {
  /** The log, the corpus and the candidates; null without a config. */
  readonly inputs: SampledTables | null;
  /** What the config implies; null if it is not known. */
  readonly expected: (work: Work) => Promise<ExpectedDistances | null>;
  /** What the phases have counted for the rules too. */
  readonly counts: Partial<SharedCounts>;
  /** Tables that several phases read: each is made once, when the first phase needs it. */
  readonly made: Map<string, Promise<string>>;
  /** The number of the next table. */
  readonly numbers: { next: number };
  /** Each forgets a failure that is kept, because there was not enough memory. */
  readonly short: Set<() => void>;
}

/** The open data sets of an audit: the sample as one relation, and the inputs of its stage. */
export class AuditWorld {
  readonly inputs: Shared['inputs'];
  readonly expected: Shared['expected'];

  constructor(
    readonly request: AuditRequest,
    readonly tables: Tables,
    readonly sample: SampleRelation,
    private readonly shared: Shared,
    /** What the rows are grouped by; null if the user has not asked for it. */
    readonly by: ByValue | null,
    /** Null: the whole sample. */
    readonly part: AuditPart | null = null,
    /** The name of the sample in the names of tables. */
    private readonly name: 'sample' | 'baseline' = 'sample',
  ) {
    this.inputs = shared.inputs;
    this.expected = shared.expected;
  }

  /** The same inputs with another sample. */
  withSample(sample: SampleRelation, by: ByValue | null, name = this.name): AuditWorld {
    const request = by === null ? { ...this.request, by: null } : this.request;
    return new AuditWorld(request, this.tables, sample, this.shared, by, null, name);
  }

  /** The rows with one value of the column of `--by`. The inputs stay whole, except for the items of an item column. */
  ofPart(value: string | null): AuditWorld {
    const { request, tables, sample, by, shared } = this;
    const holds = value === null ? '"@by" IS NULL' : `"@by" = ${quoteLiteral(value)}`;
    const own = sample.withRows(`(SELECT * FROM ${sample.sql} WHERE ${holds})`, sample.isInferred);
    return new AuditWorld(request, tables, own, shared, by, { value }, this.name);
  }

  /** Valid candidates of the config by roles, and the columns that they have. Null without candidates. */
  candidates(): { readonly sql: string; readonly columns: NonNullable<SamplingData['candidates']>['columns'] } | null {
    const { data } = this.request;
    const table = data?.candidates ?? data?.passedCandidates;
    const sql = this.inputs?.passedCandidates({}) ?? null;
    return table === undefined || sql === null ? null : { sql, columns: table.columns };
  }

  /** Counts of the whole sample that a rule shows too. */
  get counts(): Partial<SharedCounts> {
    return this.shared.counts;
  }

  /** Leaves counts to the rules, if they are of the whole sample. */
  share<K extends keyof SharedCounts>(kind: K, counts: SharedCounts[K]): void {
    if (this.part === null && this.name === 'sample') Object.assign(this.shared.counts, { [kind]: counts });
  }

  /** Runs one statement with the progress text of a phase. */
  async rows(sql: string, label: Message, work: Work): Promise<Rows> {
    return await this.tables.statement(sql, label, work);
  }

  /** The SQL name of a table that is made once for all phases and parts. `name`: names its content. */
  async once(name: string, select: string, label: Message, work: Work): Promise<string> {
    const { made, numbers } = this.shared;
    const known = made.get(name);
    if (known) return await known;
    // A number, because DuckDB takes names for equal that differ only in case, such as those of the parts iOS and ios.
    const quoted = quoteIdentifier(`audit ${numbers.next++}`);
    const table = this.tables.statement(`CREATE TABLE ${quoted} AS ${select}`, label, work).then(() => quoted);
    made.set(name, table);
    return await this.kept(table, () => made.delete(name));
  }

  /** What all phases share. If it was short of memory, none repeats it in vain until `forgetShort` calls `forget`. */
  async kept<T>(shared: Promise<T>, forget: () => void): Promise<T> {
    try {
      return await shared;
    } catch (error) {
      if (failureOf(error).code === 'out-of-memory') this.shared.short.add(forget);
      throw error;
    }
  }

  /** Lets what was short of memory be tried once more: there may be enough when less runs at the same time. */
  forgetShort(): void {
    const { short } = this.shared;
    for (const forget of short) forget();
    short.clear();
  }

  /**
   * Counts of the rows of the sample or of its part, as a FROM item: a table that is made once for all phases. `name`:
   * names its content.
   */
  async counted(name: string, select: string, label: Message, work: Work): Promise<string> {
    return await this.once(this.#own(name), select, label, work);
  }

  #own(name: string): string {
    return `${name} of the ${this.part === null ? this.name : `${this.name} with ${JSON.stringify(this.part.value)}`}`;
  }

  /** A table of `counted`, if some phase has made it. */
  async existing(name: string): Promise<string | null> {
    return (await this.shared.made.get(this.#own(name))?.catch(() => null)) ?? null;
  }

  /** Drops all tables but those of `counted` with these names. */
  async dropExcept(names: readonly string[], work: Work): Promise<void> {
    const { made } = this.shared;
    const kept = new Set(names.map((name) => this.#own(name)));
    for (const [name, table] of made) {
      if (kept.has(name)) continue;
      made.delete(name);
      const quoted = await table.catch(() => null);
      if (quoted !== null) await this.tables.run(`DROP TABLE ${quoted}`, work);
    }
  }

  /**
   * Whether the rows are those of Parquet files in the layout long. Repeated texts of their columns are stored once,
   * those of tables are not.
   */
  readsParquet(): boolean {
    const { ref, baseline } = this.request;
    const { sample, name } = this;
    const { format } = this.tables.fileSet(name === 'baseline' ? (baseline?.ref ?? ref) : ref);
    return format === 'parquet' && sample.isFile && sample.found.layout === 'long';
  }

  /** What the stage draws from; null if the config does not have it. */
  stageInput(): StageInput | null {
    const { plan, data } = this.request;
    switch (plan?.stage) {
      case 'fine_ranking':
        return 'exposures';
      case 'coarse_ranking':
        return this.candidates() ? 'candidates' : null;
      default:
        if (!data?.items && data?.corpus === undefined) return null;
        return this.request.input === 'impressions' ? 'corpus_by_impressions' : 'corpus';
    }
  }

  /** SQL that is true for times in the window of the split. */
  insideSplit(time: string): string {
    const { plan, timezone } = this.request;
    return withinPeriodSql(time, (plan && plan.window[plan.split]) ?? {}, timezone);
  }

  /** SQL that is true for times until the end of the window of the split. */
  untilSplit(time: string): string {
    const { plan, timezone } = this.request;
    const to = (plan && plan.window[plan.split])?.to;
    return withinPeriodSql(time, to === undefined ? {} : { to }, timezone);
  }

  /** SQL that is true for times until the training cut. */
  beforeCut(time: string): string {
    const { plan, timezone } = this.request;
    const to = plan?.window.train?.to;
    return withinPeriodSql(time, to === undefined ? {} : { to }, timezone);
  }

  /** SQL of whether a row of the log is a positive of the stage. */
  isPositive(): string {
    const events = this.request.plan?.positives.events ?? [];
    const holds = events.map(({ name }) => this.inputs?.event(name) ?? 'false');
    return holds.length === 0 ? 'false' : `(${holds.join(' OR ')})`;
  }

  /** SQL of whether the label of a row of the log is known. */
  isKnown(): string {
    const { plan } = this.request;
    const names = plan ? unknownIn(plan) : [];
    const unknown = names.map((name) => this.inputs?.event(name) ?? 'false');
    return unknown.length === 0 ? 'true' : `(${this.isPositive()} OR NOT (${unknown.join(' OR ')}))`;
  }

  /** Why the ids of a role do not compare with those of the log and the other inputs; null if they do. */
  differentIds(role: 'user' | 'item'): Message | null {
    const { data } = this.request;
    const own = this.sample.kind(role);
    if (data === null || own === undefined) return null;
    const inputs: readonly (readonly [string, AskedTable | undefined])[] = [
      ['impressions', data.log.impressions],
      ['items', data.items],
      ['users', data.users],
      ['candidates', data.candidates ?? data.passedCandidates],
    ];
    for (const [name, table] of inputs) {
      const columns: Readonly<Record<string, AskedColumn | undefined>> = table?.columns ?? {};
      const column = columns[role];
      if (table === undefined || column === undefined) continue;
      const { type } = columnOf(this.tables.table(table.ref), column.name);
      const kind = idKindOf(type, column.type);
      if (kind !== own)
        return own === 'string'
          ? message('the ids of the sample in the role {0} are strings, but those of data.{1} are integers', role, name)
          : message(
              'the ids of the sample in the role {0} are integers, but those of data.{1} are strings',
              role,
              name,
            );
    }
    return null;
  }

  /** Why a data set is not available; null if it is. */
  missingInputsReason(): Message | null {
    if (this.inputs !== null) return null;
    return this.request.missingReason ?? message('it needs a config: give {0}', '--config');
  }
}
