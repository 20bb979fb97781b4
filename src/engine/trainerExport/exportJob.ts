import { join } from 'node:path';
import type { HandedFile } from '../../core/sampling/trainerExport/summary.ts';
import { message, type Message } from '../../core/message/message.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import type { SampleSummary } from '../../core/sampling/sampleSummary.ts';
import type { HandoverRequest } from '../../protocol/handover.ts';
import type { Work } from '../database/connections.ts';
import { quoteLiteral } from '../sql/quote.ts';
import type { SampledTables } from '../inputs/sampledTables.ts';

/** The rows that were drawn for one part of a trainer export. */
export interface DrawnPart {
  readonly plan: StagePlan;
  /** FROM item of its rows: a long sample file with row numbers. */
  readonly rows: string;
  readonly summary: SampleSummary;
}

/** The input of a trainer export writer. The data belongs to the first part. */
export interface ExportJob {
  readonly request: HandoverRequest;
  readonly parts: readonly [DrawnPart, ...DrawnPart[]];
  readonly sampled: SampledTables;
  /** The folder for the files. */
  readonly folder: string;
  readonly work: Work;
}

export interface ExportedFiles {
  readonly files: readonly HandedFile[];
  /** Contents of additional text files, by name. */
  readonly texts: Readonly<Record<string, string>>;
  readonly notices: readonly Message[];
}

/**
 * Writes the rows of a statement as tab-separated columns with a header.
 * @param quoted true: a value with a quotation mark is quoted as in CSV; false: no value is quoted
 */
export async function writeTable(
  { sampled: { tables }, folder, work }: ExportJob,
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
