import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fail } from '../../core/message/failure.ts';
import { message, render, type Message } from '../../core/message/message.ts';
import { outcomeColumn } from '../../core/config/outcomeNames.ts';
import type { HandedFile, HandoverSummary } from '../../core/sampling/trainerExport/summary.ts';
import type { HandoverRequest } from '../../protocol/handover.ts';
import { ownNames } from '../../core/data/outputName.ts';
import type { SampleOutput, SamplingRequest } from '../../protocol/sampling.ts';
import { Tables } from '../tables/tables.ts';
import { cancelled } from '../../core/queue/cancelled.ts';
import type { Work } from '../database/connections.ts';
import { writeFailure } from '../files/writeFailure.ts';
import type { DatasetOptions } from '../tables/openDataset.ts';
import { quotePath } from '../sql/quote.ts';
import { drawFile } from '../write/drawFile.ts';
import { refsOf, SampledTables } from '../inputs/sampledTables.ts';
import type { DrawnPart, ExportedFiles } from './exportJob.ts';
import { recBoleSequence } from './recBoleSequence.ts';
import { manifestName, TargetFolder } from './targetFolder.ts';
import { writers } from './writers.ts';

const plain: Pick<SampleOutput, 'format' | 'layout' | 'names' | 'passThrough' | 'within' | 'facts'> = {
  format: 'parquet',
  layout: 'long',
  names: ownNames,
  passThrough: [],
  within: null,
  facts: {},
};

/**
 * Draws the rows of a plan as for a sample file, and writes them in the files of a trainer: a complete folder or
 * nothing.
 * @throws FailureError if the data cannot be read, the trainer cannot read its content, the folder cannot be written,
 * or after a cancellation; then nothing remains
 */
export async function exportForTrainer(
  request: HandoverRequest,
  options: DatasetOptions,
  work: Work,
): Promise<HandoverSummary> {
  const {
    parts: [first, ...others],
    output,
  } = request;
  const started = performance.now();
  const writer = writers[request.trainer];
  writer.check(first.plan);
  try {
    const target = await TargetFolder.open(output.path, work);
    try {
      const parts: [DrawnPart, ...DrawnPart[]] = [await drawnPart(first, 0, request, target, options, work)];
      for (const [k, other] of others.entries())
        parts.push(await drawnPart(other, k + 1, request, target, options, work));
      const tables = await Tables.open(
        refsOf(first.data),
        join(options.temporaryDirectory, randomUUID()),
        options,
        work,
        target.unfinished,
      );
      try {
        const own = await writer.write({
          request,
          parts,
          sampled: await SampledTables.open(tables, first.data, first.plan.timezone, work),
          folder: target.made,
          work,
        });
        const handed = {
          ...own,
          notices: [...own.notices, ...withoutOutcomes(first.plan), ...withoutSequences(request)],
        };
        const names = [...handed.files.map(({ name }) => name), ...Object.keys(handed.texts), manifestName];
        await tables.refuseOutput(
          names.map((name) => join(target.realPath, name)),
          output.path,
          (dataset) =>
            fail('bad-request', message('The config reads this folder: the written files would be read as its data'), {
              place: { path: output.path },
              advice: message('Write outside of the data set {0}.', dataset),
            }),
        );
        const files = await writeTexts(handed, request, target.made);
        await tables.checkCurrent();
        if (work.signal?.aborted) throw cancelled();
        const bytes = await target.publish();
        return {
          files,
          bytes,
          drawn: parts.map(({ summary }) => summary),
          notices: handed.notices,
          milliseconds: performance.now() - started,
        };
      } finally {
        await tables.close();
      }
    } catch (error) {
      await target.discard();
      throw error;
    }
  } catch (error) {
    throw work.signal?.aborted ? cancelled() : writeFailure(error, output.path);
  }
}

async function drawnPart(
  { plan, data }: SamplingRequest,
  k: number,
  { users, sequence }: HandoverRequest,
  { scratch }: TargetFolder,
  options: DatasetOptions,
  work: Work,
): Promise<DrawnPart> {
  const path = join(scratch, `${k}.parquet`);
  // No trainer reads corrections or labels of further events from these files.
  const { logq: _logq, outcomes: _outcomes, ...written } = plan;
  const output = { ...plain, path, ...(sequence ? { sequences: [recBoleSequence(sequence)] } : {}) };
  const summary = await drawFile({ plan: written, data, users, output }, options, work);
  return { plan, summary, rows: `read_parquet(${quotePath(path)}, file_row_number = true)` };
}

/** Names the columns of a sample file that the files of a trainer do not have. */
function withoutOutcomes({ outcomes }: SamplingRequest['plan']): Message[] {
  if (!outcomes) return [];
  const columns = [...outcomes.events.map(({ name }) => outcomeColumn(name)), ...(outcomes.graded ? ['grade'] : [])];
  return [message('The files of a trainer have no column {0}. Use recsample sample for them', columns.join(', '))];
}

/** Names the sequences of the config that the files of a trainer do not have. */
function withoutSequences({ otherSequences = [] }: HandoverRequest): Message[] {
  if (otherSequences.length === 0) return [];
  return [
    message(
      'The files of a trainer have no histories of {0}. The files of recsample sample do',
      otherSequences.join(', '),
    ),
  ];
}

/**
 * Writes the settings, and the manifest that lists all files and their origin.
 * @returns all files
 */
async function writeTexts(
  { files, texts, notices }: ExportedFiles,
  { trainer, output: { facts } }: HandoverRequest,
  folder: string,
): Promise<HandedFile[]> {
  const all: HandedFile[] = [...files, ...Object.keys(texts).map((name) => ({ name, rows: null }))];
  for (const [name, text] of Object.entries(texts)) await writeFile(join(folder, name), text);
  const manifest = {
    ...facts,
    trainer,
    files: Object.fromEntries(all.map(({ name, rows }) => [name, rows])),
    notices: notices.map((notice) => render(notice)),
  };
  await writeFile(join(folder, manifestName), `${JSON.stringify(manifest, null, 2)}\n`);
  return [...all, { name: manifestName, rows: null }];
}
