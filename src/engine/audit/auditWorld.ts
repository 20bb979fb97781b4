import { message, type Message } from '../../core/message/message.ts';
import type { AuditRequest } from '../../protocol/audit.ts';
import type { Tables } from '../answers/tables.ts';
import type { Rows, Work } from '../database/connections.ts';
import { SampledTables } from '../sampling/inputs/sampledTables.ts';
import { SampleRelation } from './sampleRelation.ts';

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
    const sample = SampleRelation.of(tables.table(ref), known, timezone);
    const inputs = data === null ? null : await SampledTables.open(tables, data, timezone, work);
    return new AuditWorld(request, tables, sample, inputs);
  }

  /** Runs one statement with the progress text of a phase. */
  async rows(sql: string, label: Message, work: Work): Promise<Rows> {
    return await this.tables.statement(sql, label, work);
  }

  /** Why a data set is not available; null if it is. */
  lacksInputs(): Message | null {
    if (this.inputs !== null) return null;
    return this.request.lacks ?? message('it needs a config: give {0}', '--config');
  }
}
