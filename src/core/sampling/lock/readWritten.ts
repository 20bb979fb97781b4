import { message } from '../../message/message.ts';
import { isDayFormat } from '../../schema/dayFormat.ts';
import { digestAlgorithm, type RowsDigest } from '../../table/rowsDigest.ts';
import { sampleFormats } from '../../table/sampleName.ts';
import type { JsonValue } from './jsonValue.ts';
import { lockedOrders, type LockedOutput, type SampleLock } from './sampleLock.ts';

const layouts = ['long', 'wide', 'grouped'];

/** The key `output` of a lock file. */
export function lockedOutput(output: JsonValue, format: SampleLock['format']): LockedOutput {
  return {
    format: output.at('format').oneOf(sampleFormats),
    layout: output.at('layout').oneOf(layouts),
    ...(format === 1
      ? {}
      : {
          order: output.at('order').oneOf(lockedOrders),
          shards: output.at('shards').orNull((shards) => shards.count()),
          partition: output.at('partition').orNull(partitionOf),
        }),
    columns: textsOf(output.at('columns')),
    rows: output.at('rows').count(),
    bytes: output.at('bytes').count(),
    sha256: output.at('sha256').sha256(),
  };
}

/** The keys `files` and `digest` of a lock file of format 2. */
export function writtenRows(lock: JsonValue): Pick<SampleLock, 'files' | 'digest'> {
  const digest = lock.optional('digest');
  const files = filesOf(lock.at('files'), lock.at('output'));
  return { files, ...(digest === null ? {} : { digest: digestOf(digest) }) };
}

/** The keys `event_counts`, `history_counts` and `unknown_counts`, if there are any. */
export function eventCounts(lock: JsonValue): Pick<SampleLock, 'eventCounts' | 'historyCounts' | 'unknownCounts'> {
  const [events, histories] = [lock.optional('event_counts'), lock.optional('history_counts')];
  const unknown = lock.optional('unknown_counts');
  return {
    ...(unknown === null ? {} : { unknownCounts: countsOf(unknown) }),
    ...(events === null ? {} : { eventCounts: countsOf(events) }),
    ...(histories === null ? {} : { historyCounts: countsOf(histories) }),
  };
}

function countsOf(counts: JsonValue): Readonly<Record<string, number>> {
  return Object.fromEntries(counts.entries().map(([name, count]) => [name, count.count()]));
}

/** How many rows have a value of the teacher. Missing if the stage has none. */
export function teacherCoverage(lock: JsonValue): Pick<SampleLock, 'teacher'> {
  const coverage = lock.optional('teacher');
  if (coverage === null) return {};
  return {
    teacher: coverage.list().map((one) => {
      const [trusted, known] = [one.at('trusted').count(), one.at('known').count()];
      one.at('known').must(known, known <= trusted, message('at most the number of trusted rows'));
      return { name: one.at('entry').orNull((name) => name.text()), trusted, known };
    }),
  };
}

function filesOf(list: JsonValue, output: JsonValue): NonNullable<SampleLock['files']> {
  const files = list.list().map((file) => ({
    path: file.at('path').text(),
    rows: file.at('rows').count(),
    bytes: file.at('bytes').count(),
    sha256: file.at('sha256').sha256(),
  }));
  for (const key of ['rows', 'bytes'] as const)
    list.must(
      files,
      files.reduce((sum, file) => sum + file[key], 0) === output.at(key).count(),
      message('a list of files whose {0} sum to those of the output', key),
    );
  return files;
}

function partitionOf(partition: JsonValue): NonNullable<LockedOutput['partition']> {
  const format = partition.at('format').text();
  return {
    column: partition.at('column').text(),
    format: partition.at('format').must(format, isDayFormat(format), message('a format of days, such as yyyyMMdd')),
    value: partition.at('value').text(),
  };
}

function digestOf(digest: JsonValue): RowsDigest {
  return {
    algorithm: digest.at('algorithm').oneOf([digestAlgorithm]),
    rows: digest.at('rows').count(),
    value: digest.at('value').text(),
    columns: textsOf(digest.at('columns')),
  };
}

function textsOf(list: JsonValue): string[] {
  return list.list().map((one) => one.text());
}
