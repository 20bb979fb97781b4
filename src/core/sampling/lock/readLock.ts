import { ConfigDocument } from '../../config/document.ts';
import { stages } from '../../schema/stage.ts';
import { fail, type FailureError, type Place } from '../../message/failure.ts';
import { message } from '../../message/message.ts';
import { compareTexts } from '../compareTexts.ts';
import { JsonValue, type JsonPath } from '../../json/jsonValue.ts';
import {
  inLockOrder,
  isLockedDataset,
  lockedDatasets,
  lockFormat,
  lockFormats,
  type LockedData,
  type LockedEntry,
  type QFigures,
  type SampleLock,
  lockedOrders,
  type LockedOutput,
} from './sampleLock.ts';
import { sortedRecord } from './settings.ts';
import { isDayFormat } from '../../schema/dayFormat.ts';
import { digestAlgorithm, type RowsDigest } from '../../table/rowsDigest.ts';
import { sampleFormats } from '../../table/sampleName.ts';

const units = ['positive', 'request', 'impression'];
const splits = ['train', 'eval'];
const again = message('Write the sample file again: its lock file is written with it.');

/**
 * Reads the text of a lock file. `path`: its location, for error messages.
 * @throws FailureError `wrong-format` with the place if it is not JSON or not a lock file; `unsupported` if a newer
 *   version wrote it
 */
export function readLock(text: string, path: string): SampleLock {
  const place = (at: JsonPath): Place => placeIn(text, path, at);
  const refuse = (at: JsonPath, expected: ReturnType<typeof message>): FailureError =>
    fail('wrong-format', message('The lock file is not valid: {0} is not {1}', at.join('.') || '{}', expected), {
      place: place(at),
      advice: again,
    });
  const lock = new JsonValue(parsed(text, path), [], refuse);
  if (!isLock(lock))
    throw fail('wrong-format', message('This is JSON, but not the lock file of a sample'), {
      place: { path },
      advice: message('Lock files end with {0} and are next to sample files.', '.recsample.json'),
    });
  const generator = lock.at('generator').text();
  const format = lock.at('format').count();
  const known = lockFormats.find((one) => one === format);
  if (known === undefined) {
    throw fail(
      'unsupported',
      message(
        '{0} wrote this lock file in format {1}, but this version reads formats up to {2}',
        generator,
        format,
        lockFormat,
      ),
      { place: { path }, advice: message('Update RecSample, or write the sample file again with this version.') },
    );
  }
  return lockOf(lock, generator, known);
}

function lockOf(lock: JsonValue, generator: string, format: SampleLock['format']): SampleLock {
  const [users, config, plan, data, output, counts, mix] = [
    lock.at('users'),
    lock.at('config'),
    lock.at('plan'),
    lock.at('data'),
    lock.at('output'),
    lock.at('counts'),
    lock.at('log_q_mix'),
  ];
  const withoutExposure = counts.optional('without_exposure');
  return {
    format,
    generator,
    stage: lock.at('stage').oneOf(stages),
    unit: lock.at('unit').oneOf(units),
    seed: lock.at('seed').text(),
    epoch: lock.at('epoch').count(),
    split: lock.at('split').oneOf(splits),
    ...(format === 1 ? {} : { knownUntil: lock.at('known_until').orNull((time) => time.text()) }),
    users: users.isText()
      ? users.must('all', users.text() === 'all', message('all, or a list of ids'))
      : usersOf(users),
    config: {
      path: config.at('path').text(),
      sha256: config.at('sha256').sha256(),
      variables: texts(config.at('variables')),
    },
    plan: { sha256: plan.at('sha256').sha256(), settings: texts(plan.at('settings')) },
    data: setsOf(data),
    output: lockedOutput(output, format),
    ...(format === 1 ? {} : writtenRows(lock)),
    counts: {
      users: counts.at('users').count(),
      groups: counts.at('groups').count(),
      positives: counts.at('positives').count(),
      negatives: counts.at('negatives').count(),
      unreached: counts.at('unreached').count(),
      ...(withoutExposure === null ? {} : { withoutExposure: withoutExposure.count() }),
    },
    ...eventCounts(lock),
    ...teacherCoverage(lock),
    entries: entriesOf(lock.at('entries')),
    logQMix: { positives: mix.at('positives').orNull(figuresOf), negatives: mix.at('negatives').orNull(figuresOf) },
  };
}

function usersOf(users: JsonValue): string[] {
  const ids = users.list().map((user) => user.text());
  return users.must(
    ids,
    ids.every((id, k) => k === 0 || compareTexts(ids[k - 1] ?? '', id) < 0),
    message('a sorted list of unique ids'),
  );
}

/** The log is always among them. */
function setsOf(data: JsonValue): SampleLock['data'] {
  const names = data
    .entries()
    .map(([name, set]) =>
      set.must(name, isLockedDataset(name), message('a known data set ({0})', lockedDatasets.join(', '))),
    );
  data.at('impressions').at('path').text();
  return Object.fromEntries(
    inLockOrder(names).flatMap((name) => {
      const set = data.optional(name);
      return set ? [[name, dataOf(set)]] : [];
    }),
  );
}

function dataOf(set: JsonValue): LockedData {
  if (set.entries().every(([key]) => key === 'path')) return { path: set.at('path').text() };
  const files = set
    .at('files')
    .list()
    .map((file) => ({
      path: file.at('path').text(),
      bytes: file.at('bytes').count(),
      sha256: file.at('sha256').sha256(),
    }));
  const bytes = set.at('bytes').count();
  return {
    path: set.at('path').text(),
    sha256: set.at('sha256').sha256(),
    bytes: set
      .at('bytes')
      .must(
        bytes,
        bytes === files.reduce((sum, file) => sum + file.bytes, 0),
        message('the total size of its files in bytes'),
      ),
    files,
  };
}

function entriesOf(list: JsonValue): LockedEntry[] {
  const entries = list.list().map(entryOf);
  return list.must(
    entries,
    new Set(entries.map(({ name }) => name)).size === entries.length,
    message('a list of entries with unique names'),
  );
}

function entryOf(entry: JsonValue): LockedEntry {
  const short = entry.at('shortfalls');
  const share = entry.optional('effective_share');
  const refilled = entry.optional('refilled');
  return {
    name: entry.at('name').text(),
    source: entry.at('source').text(),
    asked: entry.at('asked').count(),
    ...(refilled === null ? {} : { refilled: refilled.count() }),
    drawn: entry.at('drawn').count(),
    shortGroups: entry.at('short_groups').count(),
    shortfalls: {
      attempts: short.at('attempts').count(),
      list: short.at('list').count(),
      pool: short.at('pool').count(),
    },
    ...(share === null ? {} : { effectiveShare: share.orNull((value) => value.number()) }),
    logQ: entry.at('log_q').orNull(figuresOf),
  };
}

function figuresOf(q: JsonValue): QFigures {
  const [rows, mean, least, greatest] = [
    q.at('rows').count(),
    q.at('mean').number(),
    q.at('least').number(),
    q.at('greatest').number(),
  ];
  const bins = q
    .at('bins')
    .list()
    .map((bin) => [bin.item(0).number(), bin.item(1).count()] as const);
  q.at('mean').must(mean, mean >= least && mean <= greatest, message('between least and greatest'));
  q.at('bins').must(
    bins,
    bins.reduce((sum, [, count]) => sum + count, 0) === rows,
    message('a list of bins whose counts sum to the number of rows'),
  );
  return { rows, mean, least, greatest, bins };
}

function texts(record: JsonValue): Readonly<Record<string, string>> {
  return sortedRecord(record.entries().map(([name, value]) => [name, value.text()] as const));
}

function isLock(value: JsonValue): boolean {
  try {
    return value.optional('format') !== null && value.optional('generator')?.isText() === true;
  } catch {
    return false;
  }
}

/** @throws FailureError `wrong-format` with the first place that is not JSON */
function parsed(text: string, path: string): unknown {
  try {
    // Editors may add a byte order mark.
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const {
      problems: [problem],
      lines,
    } = new ConfigDocument(text, 'json');
    const { line, character } = lines.position(problem?.span.start ?? text.length);
    throw fail(
      'wrong-format',
      problem
        ? message('The lock file is not valid JSON: {0}', problem.message)
        : message('The lock file is not valid JSON, or it is incomplete'),
      { place: { path, line: line + 1, character: character + 1 }, advice: again, cause: String(error) },
    );
  }
}

function placeIn(text: string, path: string, at: JsonPath): Place {
  const document = new ConfigDocument(text, 'json');
  const { line, character } = document.lines.position(document.locate(at).span.start);
  return { path, line: line + 1, character: character + 1 };
}

const layouts = ['long', 'wide', 'grouped'];

/** The key `output` of a lock file. */
function lockedOutput(output: JsonValue, format: SampleLock['format']): LockedOutput {
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
function writtenRows(lock: JsonValue): Pick<SampleLock, 'files' | 'digest'> {
  const digest = lock.optional('digest');
  const files = filesOf(lock.at('files'), lock.at('output'));
  return { files, ...(digest === null ? {} : { digest: digestOf(digest) }) };
}

/** The keys `event_counts`, `history_counts` and `unknown_counts`, if there are any. */
function eventCounts(lock: JsonValue): Pick<SampleLock, 'eventCounts' | 'historyCounts' | 'unknownCounts'> {
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
function teacherCoverage(lock: JsonValue): Pick<SampleLock, 'teacher'> {
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
