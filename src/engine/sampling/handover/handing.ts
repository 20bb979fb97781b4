import { join } from 'node:path';
import type { HandedFile } from '../../../core/sampling/handover/summary.ts';
import { message, type Message } from '../../../core/report/message.ts';
import type { StagePlan } from '../../../core/sampling/plan/stagePlan.ts';
import type { SampleSummary } from '../../../core/sampling/sampleSummary.ts';
import type { HandoverRequest } from '../../../protocol/handover.ts';
import type { Work } from '../../database/connections.ts';
import { quoteLiteral } from '../../sql/quote.ts';
import type { SampledTables } from '../sampledTables.ts';

/** What was drawn of one part of a handover. */
export interface DrawnPart {
  readonly plan: StagePlan;
  /** FROM item of its rows: a long sample file with the number of each row. */
  readonly rows: string;
  readonly summary: SampleSummary;
}

/** What a writer of a handover is given. The data are those of the first part. */
export interface Handing {
  readonly request: HandoverRequest;
  readonly parts: readonly [DrawnPart, ...DrawnPart[]];
  readonly sampled: SampledTables;
  /** Where the files go. */
  readonly folder: string;
  readonly work: Work;
}

export interface Handed {
  readonly files: readonly HandedFile[];
  /** Texts that go beside them, by their names. */
  readonly texts: Readonly<Record<string, string>>;
  readonly notices: readonly Message[];
}

/**
 * Writes the rows of a statement as columns between tabs, with a header.
 * @param quoted true: a value that holds a quotation mark is quoted as in CSV; false: nothing is
 */
export async function writeTable(
  { sampled: { tables }, folder, work }: Handing,
  name: string,
  select: string,
  quoted: boolean,
): Promise<HandedFile> {
  const [[rows] = []] = await tables.statement(
    `COPY (${select}) TO ${quoteLiteral(join(folder, name))} (FORMAT csv, HEADER, DELIMITER '\t', NULLSTR '', ${quoted ? '' : "QUOTE '', ESCAPE '', "}COMPRESSION none)`,
    message('Writing {0}', name),
    work,
  );
  return { name, rows: Number(rows) };
}
