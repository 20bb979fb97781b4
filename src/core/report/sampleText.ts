import { unknownTexts } from './unknownTexts.ts';
import type { SampleSummary } from '../sampling/sampleSummary.ts';
import type { StagePlan } from '../sampling/plan/stagePlan.ts';
import { formatBytes, formatCount, formatPercent } from '../table/format.ts';
import { effectiveTable } from './effectiveText.ts';
import type { TextOptions } from './textWriter.ts';
import { message, render, type Message } from '../message/message.ts';
import { mixTable } from './mixTable.ts';
import { painter } from './paint.ts';
import { groupsText } from './previewText.ts';
import { historyText } from './historyText.ts';
import { featureTexts } from './featureText.ts';
import { writtenSequenceText } from './writtenSequenceText.ts';
import { eventsText } from './eventsText.ts';
import { teacherParts } from './teacherText.ts';
import { printable } from '../message/printable.ts';
import { fitCells, wrapCells } from './cells.ts';

/** Largest number of day folders that a report names. */
const MAX_PARTITIONS = 10;

/** Terminal report of a written file: its content and the shortfalls of its entries. `file`: as the user named it. */
export function sampleText(
  plan: StagePlan,
  summary: SampleSummary,
  options: TextOptions & { readonly file: string },
): string {
  const { stage, seed, epoch, split, unit } = plan;
  const text = (m: Message): string => render(m, options.translate);
  const fit = (line: string): string => fitCells(line, options.width);
  const { rows, bytes, groups, positives, negatives, unreached, milliseconds } = summary;
  const drawn = summary.entries.reduce((sum, entry) => sum + entry.drawn, 0);
  const tableTexts = [
    ...(summary.events ?? []).map(eventsText),
    ...(summary.histories ?? []).map(historyText),
    ...(summary.sequences ?? []).map(writtenSequenceText),
    ...featureTexts(summary.features),
    ...unknownTexts(summary.unknown ?? []),
  ];
  const counts = [
    text(message('{0} rows', formatCount(rows))),
    text(groupsText(groups)),
    text(positives === 1 ? message('1 positive') : message('{0} positives', formatCount(positives))),
    text(message('{0} negatives', formatCount(negatives))),
    ...(summary.files === undefined ? [] : [text(filesText(summary.files))]),
  ];
  const how = [
    stage,
    split,
    text(message('seed {0}', printable(seed))),
    text(message('epoch {0}', epoch)),
    formatBytes(bytes),
    text(message('{0} s', (milliseconds.total / 1000).toFixed(1))),
  ];
  return `${[
    painter(options.colour)('strong', fit(printable(options.file))),
    fit(how.join(' · ')),
    fit(counts.join(' · ')),
    ...(summary.partitions === undefined
      ? []
      : wrapCells(printable(text(partitionsText(summary.partitions))), options.width)),
    ...(unit === 'impression' || summary.entries.length === 0 ? [] : ['', ...mixTable(summary.entries, options)]),
    ...effectiveTable(plan, summary.effective, options),
    ...(summary.teacher
      ? ['', fit([text(message('Teacher, rows with a value')), ...teacherParts(summary.teacher).map(text)].join(' · '))]
      : []),
    ...(tableTexts.length > 0
      ? ['', ...tableTexts.flatMap((tableText) => wrapCells(printable(text(tableText)), options.width))]
      : []),
    ...(unreached > 0 && summary.entries.length > 0
      ? ['', fit(text(unreachedText(unreached, unreached / Math.max(1, positives + drawn))))]
      : []),
    ...(summary.notices.length === 0
      ? []
      : ['', ...summary.notices.flatMap((notice) => wrapCells(printable(text(notice)), options.width))]),
  ].join('\n')}\n`;
}

function unreachedText(rows: number, share: number): Message {
  return rows === 1
    ? message('1 row ({0}) has no log_q_mix: no source of this mix can draw its item', formatPercent(share))
    : message(
        '{0} rows ({1}) have no log_q_mix: no source of this mix can draw their items',
        formatCount(rows),
        formatPercent(share),
      );
}

function filesText(files: number): Message {
  return files === 1 ? message('1 file') : message('{0} files', formatCount(files));
}

/** The written folders of days. */
function partitionsText(partitions: readonly string[]): Message {
  if (partitions.length === 0) return message('No partition was written: there are no rows');
  const partitionNames = partitions.slice(0, MAX_PARTITIONS).join(', ');
  return partitions.length > MAX_PARTITIONS
    ? message('Written: {0} and {1} more', partitionNames, formatCount(partitions.length - MAX_PARTITIONS))
    : message('Written: {0}', partitionNames);
}
