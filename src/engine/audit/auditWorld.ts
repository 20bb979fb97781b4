import { FailureError } from '../../core/message/failure.ts';
import { message, type Message } from '../../core/message/message.ts';
import type { AuditRequest } from '../../protocol/audit.ts';
import type { Tables } from '../answers/tables.ts';
import type { Rows, Work } from '../database/connections.ts';
import { SampledTables } from '../sampling/inputs/sampledTables.ts';
import type { StageInput } from '../../core/audit/itemCounts.ts';
import type { AskedColumn, AskedTable } from '../../protocol/askedTable.ts';
import type { SamplingData } from '../../protocol/sampling.ts';
import { insideSql } from '../answers/log.ts';
import { columnOf } from '../answers/roleTable.ts';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import { byColumn, byValueSql, lacksBy, type ByValue } from './byColumn.ts';
import { classSql } from './inferredClass.ts';
import { idKindOf, SampleRelation } from './sampleRelation.ts';

/** Tables that several phases read: each is made once, when the first phase needs it. */
type Shared = Map<string, Promise<string>>;

/** A part of the sample: the rows with one value of the column of `--by`. */
export interface AuditPart {
  readonly value: string | null;
}

/** The open data sets of an audit: the sample as one relation, and the inputs of its stage. */
export class AuditWorld {
  private constructor(
    readonly request: AuditRequest,
    readonly tables: Tables,
    readonly sample: SampleRelation,
    /** The log, the corpus and the candidates; null without a config. */
    readonly inputs: SampledTables | null,
    /** What the rows are grouped by; null if the user has not asked for it. */
    readonly by: ByValue | null,
    /** Null: the whole sample. */
    readonly part: AuditPart | null,
    private readonly shared: Shared,
  ) {}

  static async open(request: AuditRequest, tables: Tables, work: Work): Promise<AuditWorld> {
    const { ref, known, timezone, data } = request;
    const inputs = data === null ? null : await SampledTables.open(tables, data, timezone, work);
    const by = byColumn(request, tables);
    const sample = SampleRelation.of(tables.table(ref), known, {
      timezone,
      by: by?.from === 'sample' ? by.column : null,
    });
    const world = new AuditWorld(request, tables, sample, inputs, by, null, new Map());
    return await world.#stored(work);
  }

  /** The same world with another sample, which is read with the same columns of the config. */
  async withSample(ref: AuditRequest['ref'], known: AuditRequest['known'], work: Work): Promise<AuditWorld> {
    const { tables, request, inputs, shared } = this;
    const sample = SampleRelation.of(tables.table(ref), known, { timezone: request.timezone, by: null });
    const world = new AuditWorld({ ...request, by: null }, tables, sample, inputs, null, null, shared);
    return await world.#stored(work);
  }

  /** The rows with one value of the column of `--by`. The inputs stay whole, except for the items of an item column. */
  only(value: string | null): AuditWorld {
    const { request, tables, sample, inputs, by, shared } = this;
    const holds = value === null ? '"@by" IS NULL' : `"@by" = ${quoteLiteral(value)}`;
    const own = sample.withRows(`(SELECT * FROM ${sample.sql} WHERE ${holds})`, sample.isInferred);
    return new AuditWorld(request, tables, own, inputs, by, { value }, shared);
  }

  /**
   * The rows as a table of the database, so that each phase reads only the columns that it needs, and the file is read
   * once. Adds the columns `@by` and `@class`. A value that does not have the type of its role concerns only some phases:
   * then they read the file.
   */
  async #stored(work: Work): Promise<AuditWorld> {
    const { tables, sample, by, inputs, request, shared } = this;
    const value = lacksBy(this) === null ? byValueSql(this) : null;
    const inferred = await classSql(this, work);
    const columns = [
      's.*',
      ...(value === null ? [] : [`${value.value} AS "@by"`]),
      ...(inferred === null ? [] : [`${inferred.value} AS "@class"`]),
    ];
    const select = `SELECT ${columns.join(', ')} FROM ${sample.sql} s${value?.join ?? ''}${inferred?.join ?? ''}`;
    const name = quoteIdentifier(`audited ${shared.size}`);
    shared.set(name, Promise.resolve(name));
    const world = (sql: string): AuditWorld =>
      new AuditWorld(request, tables, sample.withRows(sql, inferred !== null), inputs, by, null, shared);
    try {
      await tables.statement(`CREATE TABLE ${name} AS ${select}`, message('Reading the sample'), work);
      return world(name);
    } catch (error) {
      if (!(error instanceof FailureError) || error.failure.code !== 'bad-request') throw error;
      return world(`(${select})`);
    }
  }

  /** Valid candidates of the config by roles, and the columns that they have. Null without candidates. */
  candidates(): { readonly sql: string; readonly columns: NonNullable<SamplingData['candidates']>['columns'] } | null {
    const { data } = this.request;
    const table = data?.candidates ?? data?.passedCandidates;
    const sql = this.inputs?.passedCandidates({}) ?? null;
    return table === undefined || sql === null ? null : { sql, columns: table.columns };
  }

  /** Runs one statement with the progress text of a phase. */
  async rows(sql: string, label: Message, work: Work): Promise<Rows> {
    return await this.tables.statement(sql, label, work);
  }

  /** The SQL name of a table that is made once for all phases and parts. `name`: names its content. */
  async once(name: string, select: string, label: Message, work: Work): Promise<string> {
    const quoted = quoteIdentifier(`audit ${name}`);
    const made =
      this.shared.get(quoted) ??
      this.tables.statement(`CREATE TABLE ${quoted} AS ${select}`, label, work).then(() => quoted);
    this.shared.set(quoted, made);
    return await made;
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
        if (!data?.items) return null;
        return this.request.input === 'impressions' ? 'corpus_by_impressions' : 'corpus';
    }
  }

  /** SQL that is true for times in the window of the split. */
  insideSplit(time: string): string {
    const { plan, timezone } = this.request;
    return insideSql(time, (plan && plan.window[plan.split]) ?? {}, timezone);
  }

  /** SQL that is true for times until the end of the window of the split. */
  untilSplit(time: string): string {
    const { plan, timezone } = this.request;
    const to = (plan && plan.window[plan.split])?.to;
    return insideSql(time, to === undefined ? {} : { to }, timezone);
  }

  /** SQL that is true for times until the training cut. */
  beforeCut(time: string): string {
    const { plan, timezone } = this.request;
    const to = plan?.window.train?.to;
    return insideSql(time, to === undefined ? {} : { to }, timezone);
  }

  /** SQL of whether a row of the log is a positive of the stage. */
  isPositive(): string {
    const events = this.request.plan?.positives.events ?? [];
    const holds = events.map(({ name }) => this.inputs?.event(name) ?? 'false');
    return holds.length === 0 ? 'false' : `(${holds.join(' OR ')})`;
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
  lacksInputs(): Message | null {
    if (this.inputs !== null) return null;
    return this.request.lacks ?? message('it needs a config: give {0}', '--config');
  }
}
