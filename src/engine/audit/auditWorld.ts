import { message, type Message } from '../../core/message/message.ts';
import type { AuditRequest } from '../../protocol/audit.ts';
import type { Tables } from '../answers/tables.ts';
import type { Rows, Work } from '../database/connections.ts';
import { SampledTables } from '../sampling/inputs/sampledTables.ts';
import type { StageInput } from '../../core/audit/itemCounts.ts';
import type { AskedColumn, AskedTable } from '../../protocol/askedTable.ts';
import { insideSql } from '../answers/log.ts';
import { columnOf } from '../answers/roleTable.ts';
import { idKindOf, SampleRelation } from './sampleRelation.ts';

/** The open data sets of an audit: the sample as one relation, and the inputs of its stage. */
export class AuditWorld {
  private constructor(
    readonly request: AuditRequest,
    readonly tables: Tables,
    readonly sample: SampleRelation,
    /** The log, the corpus and the candidates; null without a config. */
    readonly inputs: SampledTables | null,
  ) {}

  static async open(request: AuditRequest, tables: Tables, work: Work): Promise<AuditWorld> {
    const { ref, known, timezone, data } = request;
    const sample = SampleRelation.of(tables.table(ref), known, { timezone, by: byColumn(request) });
    const inputs = data === null ? null : await SampledTables.open(tables, data, timezone, work);
    return new AuditWorld(request, tables, sample, inputs);
  }

  /** Runs one statement with the progress text of a phase. */
  async rows(sql: string, label: Message, work: Work): Promise<Rows> {
    return await this.tables.statement(sql, label, work);
  }

  /** What the stage draws from; null if the config does not have it. */
  stageInput(): StageInput | null {
    const { plan, data } = this.request;
    switch (plan?.stage) {
      case 'fine_ranking':
        return 'exposures';
      case 'coarse_ranking':
        return data?.candidates ? 'candidates' : null;
      default:
        return data?.items ? 'corpus' : null;
    }
  }

  /** SQL that is true for times in the window of the split. */
  insideSplit(time: string): string {
    const { plan, timezone } = this.request;
    return insideSql(time, (plan && plan.window[plan.split]) ?? {}, timezone);
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
      ['candidates', data.candidates],
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

/** The column of the file that rows are grouped by. */
function byColumn({ by }: AuditRequest): string | null {
  return by === 'day' || by === 'split' ? null : by;
}
