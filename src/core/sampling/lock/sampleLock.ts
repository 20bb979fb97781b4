import {
  checked,
  count,
  defined,
  described,
  dictionary,
  lines,
  list,
  nullable,
  number,
  oneOf,
  optional,
  pair,
  record,
  scalar,
  sha256,
  share,
  text,
  type Codec,
  type OptionalCodec,
  type ValueOf,
} from '../../json/codec.ts';
import { message } from '../../message/message.ts';
import { sampleLayouts } from '../../schema/sampleLayout.ts';
import { isDayFormat } from '../../schema/dayFormat.ts';
import { stages } from '../../schema/stage.ts';
import { digestAlgorithm } from '../../table/rowsDigest.ts';
import { sampleFormats } from '../../table/sampleName.ts';
import { compareTexts } from '../compareTexts.ts';
import type { ShortfallCause } from '../drawn.ts';
import { rowOrders } from '../placement.ts';

/** Version of the lock file's format. */
export const lockFormat = 2;
/** Versions that this version of RecSample reads. */
export const lockFormats = [1, lockFormat] as const;

/** Data sets that a stage may read, in the order of reports. */
export const lockedDatasets = ['impressions', 'clicks', 'items', 'users', 'candidates', 'rejections'] as const;
/** With several event tables, each is `clicks.<name>`. */
export type LockedDataset = (typeof lockedDatasets)[number] | `clicks.${string}`;

export function isLockedDataset(name: string): name is LockedDataset {
  return lockedDatasets.some((known) => known === name) || name.startsWith('clicks.');
}

const datasetPattern = `^(${lockedDatasets.join('|')}|clicks\\..*)$`;
export const datasetName: Codec<LockedDataset> = scalar({ type: 'string', pattern: datasetPattern }, (json) => {
  const name = json.text();
  return json.must(name as LockedDataset, isLockedDataset(name), knownDataset);
});
const knownDataset = message('a known data set ({0})', lockedDatasets.join(', '));

/** Known data sets in the order of reports, event tables by name. Other names are dropped. */
export function inLockOrder(names: Iterable<string>): LockedDataset[] {
  const datasets = [...new Set(names)].filter(isLockedDataset);
  const rank = (name: LockedDataset): number =>
    lockedDatasets.findIndex((known) => known === name || (known === 'clicks' && name.startsWith('clicks.')));
  return datasets.sort((a, b) => rank(a) - rank(b) || compareTexts(a, b));
}

export const lockedOrders = [...rowOrders, 'any'] as const;
export const lockedUnits = ['positive', 'request', 'impression'] as const;
export const lockedSplits = ['train', 'eval'] as const;

/** Missing rows by cause. */
export const shortfalls = record({ attempts: count, list: count, pool: count } satisfies Record<
  ShortfallCause,
  unknown
>);

export const rowsDigest = record({
  algorithm: described(oneOf(digestAlgorithm), 'Digests of different algorithms cannot be compared.'),
  rows: described(count, 'Covered rows.'),
  value: scalar({ type: 'string', pattern: '^[0-9a-f]{32}$' }, (json) => json.text()),
  columns: described(list(text), 'Names of the covered columns, ordered by their UTF-8 bytes.'),
});

/** How many rows have a value of the teacher. */
export const teacherCoverage = record({
  entry: described(nullable(text), 'Null for the positives.'),
  trusted: described(count, 'Rows on which the teacher is trusted.'),
  known: described(count, 'Those of them that have a value.'),
});

const file = { path: described(text, 'Relative to the folder of the data set, with /.'), bytes: count, sha256 };
const withoutFiles = record({ path: text });
const withFiles = checked(
  record(
    {
      path: described(text, 'Relative to the folder of the config.'),
      sha256: described(
        sha256,
        'Of one line for each file in the format of sha256sum: digest, two blanks, path; ordered by the bytes of the paths.',
      ),
      bytes: count,
      files: described(lines(record(file)), 'Ordered by the bytes of the paths.'),
    },
    'block',
  ),
  ({ bytes, files }) => bytes === files.reduce((sum, file) => sum + file.bytes, 0),
  message('the total size of its files in bytes'),
  'bytes',
);

/** A data set. It has no digests if a Spark job read files that `recsample lock` could not read. */
export type LockedData = ValueOf<typeof withoutFiles> & Partial<Omit<ValueOf<typeof withFiles>, 'path'>>;
const dataset = defined('data', {
  schema: (definitions) => ({ anyOf: [withFiles.schema(definitions), withoutFiles.schema(definitions)] }),
  text: (value, indent) =>
    value.files === undefined
      ? withoutFiles.text(value, indent)
      : withFiles.text(value as ValueOf<typeof withFiles>, indent),
  read: (json) => (json.entries().every(([key]) => key === 'path') ? withoutFiles : withFiles).read(json),
} satisfies Codec<LockedData>);

type LockedDatasets = Readonly<Partial<Record<(typeof lockedDatasets)[number], LockedData>>> &
  Readonly<Record<`clicks.${string}`, LockedData>>;
const byName = dictionary(dataset, 'block');
const datasets: Codec<LockedDatasets> = {
  ...byName,
  schema: (definitions) => ({
    ...byName.schema(definitions),
    propertyNames: { pattern: datasetPattern },
    required: ['impressions'],
  }),
  text: (value, indent) => byName.text(value, indent),
  read(json) {
    for (const [name, value] of json.entries()) value.must(name, isLockedDataset(name), knownDataset);
    // Every lock file has the log.
    json.at('impressions').at('path').text();
    const values = new Map(Object.entries(byName.read(json)));
    return Object.fromEntries(
      inLockOrder(values.keys()).flatMap((name) => {
        const value = values.get(name);
        return value ? [[name, value]] : [];
      }),
    );
  },
};

/** Natural logarithms of probabilities, to a millionth. */
const qFigures = defined(
  'q',
  checked(
    checked(
      record({
        rows: count,
        mean: number,
        least: number,
        greatest: number,
        bins: described(
          list(
            pair(
              scalar({ type: 'number', multipleOf: 0.5, maximum: 0 }, (json) => json.number()),
              count,
            ),
          ),
          'Rows by half nat, without empty bins: the greater end of the half nat, which is included, and its rows; from 0 downwards.',
        ),
      }),
      ({ mean, least, greatest }) => mean >= least && mean <= greatest,
      message('between least and greatest'),
      'mean',
    ),
    ({ rows, bins }) => bins.reduce((sum, [, binRows]) => sum + binRows, 0) === rows,
    message('a list of bins whose counts sum to the number of rows'),
    'bins',
  ),
);

/** Requested and drawn negatives of an entry of the mix, over the whole run. */
const entry = record({
  name: text,
  source: text,
  asked: described(count, 'After refill.'),
  refilled: optional(described(count, 'Rows of asked that refill added; only for the entry of refill_from.')),
  drawn: count,
  repeated: optional(described(count, 'Draws that distinct dropped: neither drawn nor missing.')),
  shortGroups: described(count, 'Groups with a shortfall.'),
  shortfalls,
  effectiveShare: optional(
    described(nullable(share), 'Share of the softmax at equal scores; null if no group has negatives.'),
  ),
  logQ: described(nullable(qFigures), 'Null if no row has it.'),
});

const isSortedAndUnique = (ids: readonly string[]): boolean =>
  ids.every((id, k) => k === 0 || compareTexts(ids[k - 1] ?? '', id) < 0);
const ids = checked(list(text), isSortedAndUnique, message('a sorted list of unique ids'));
const users: Codec<'all' | readonly string[]> = {
  schema: (definitions) => ({ anyOf: [{ const: 'all' }, ids.schema(definitions)] }),
  text: (value, indent) => (typeof value === 'string' ? text.text(value, indent) : ids.text(value, indent)),
  read: (json) =>
    json.isText() ? json.must('all', json.text() === 'all', message('all, or a list of ids')) : ids.read(json),
};

const partition = record({
  column: text,
  format: checked(text, isDayFormat, message('a format of days, such as yyyyMMdd')),
  value: described(text, 'The day in the name of the folder.'),
});
const writtenFile = record({ path: described(text, 'Relative to the lock file.'), rows: count, bytes: count, sha256 });

/** Counts of the run over all users. */
const runCounts = {
  counts: record({
    users: described(count, 'Users of the log; those without groups have no rows.'),
    groups: count,
    positives: count,
    negatives: count,
    unreached: described(count, 'Rows whose item no entry of the group can draw.'),
    withoutExposure: optional(
      described(
        count,
        'Negatives whose log columns are NULL because they have no exposure of their own. Missing if no such column is passed through.',
      ),
    ),
    shortHistories: optional(
      described(
        count,
        'Positives whose history is shorter than min_steps. Training data leaves them out, evaluation data keeps them. Missing without min_steps.',
      ),
    ),
  }),
  eventCounts: optional(
    described(
      dictionary(count),
      'By table of events, those with an impression and those without: clicks.matched and clicks.unmatched.',
    ),
  ),
  historyCounts: optional(
    described(
      dictionary(count),
      'With exclude.history, by column: pairs of a user and an item that it excludes, and pairs of a user and an id that is no item.',
    ),
  ),
  sequenceCounts: optional(
    described(
      dictionary(count),
      'By sequence: groups, those without a step (empty) or with as many as length allows (full), and their steps. newest_age_us: microseconds from the newest step of a group to its read time, at least; above available_after. seq.clicks.without_time, by table: events that are no steps of seq because they have no time.',
    ),
  ),
  unknownCounts: optional(
    described(
      dictionary(count),
      'By unknown event and day, such as click.2026-11-20: impressions that are neither positives nor negatives.',
    ),
  ),
  teacher: optional(
    described(
      lines(
        checked(
          teacherCoverage,
          ({ trusted, known }) => known <= trusted,
          message('at most the number of trusted rows'),
          'known',
        ),
      ),
      'Of the positives, then of each entry. Missing if the stage has no teacher.',
    ),
  ),
};

/**
 * A lock file: how a sample file was made, and digests of its contents. Equal runs write equal lock files: they have no
 * clock times and no machine paths. Each fact, file and entry has its own line, so that a text diff is readable.
 */
function lockOf(format: (typeof lockFormats)[number]) {
  /** A key that is missing in format 1. */
  const newer = <T>(codec: Codec<T>): OptionalCodec<T> =>
    format === 1 ? optional(codec) : (codec as OptionalCodec<T>);
  return record(
    {
      format: oneOf(...lockFormats),
      generator: described(text, 'recsample and its version.'),
      stage: oneOf(...stages),
      unit: oneOf(...lockedUnits),
      seed: text,
      epoch: count,
      split: oneOf(...lockedSplits),
      knownUntil: newer(
        described(nullable(text), 'ISO 8601: the time until which outcomes are known. Null without impressions.'),
      ),
      users: described(users, 'Exact texts of the requested ids, ordered by their bytes; all: every user of the log.'),
      config: described(
        record(
          { path: described(text, 'Relative to the folder of the project.'), sha256, variables: dictionary(text) },
          'block',
        ),
        'sha256: of its text; variables: values given in addition to it.',
      ),
      plan: described(
        record({ sha256, settings: dictionary(text, 'block') }, 'block'),
        'The plan and how the data are read, by the keys of a config, with defaults filled in.',
      ),
      data: datasets,
      output: record({
        format: oneOf(...sampleFormats),
        layout: oneOf(...sampleLayouts),
        order: newer(described(oneOf(...lockedOrders), 'any: of a Spark job without an order.')),
        shards: newer(
          described(nullable(count), 'Number of files of the folder, or of the partition; null: one file.'),
        ),
        partition: newer(nullable(partition)),
        columns: list(text),
        rows: count,
        bytes: count,
        sha256: described(sha256, 'Of the file; for a folder, of one line for each file in the format of sha256sum.'),
      }),
      files: newer(
        described(lines(writtenFile), 'Ordered by rank: the sample file, or the files of the folder. rows: samples.'),
      ),
      digest: optional(
        described(rowsDigest, 'Of the rows, without the column of the partition. Missing if it was not computed.'),
      ),
      ...runCounts,
      entries: described(
        checked(
          lines(entry),
          (entries) => new Set(entries.map(({ name }) => name)).size === entries.length,
          message('a list of entries with unique names'),
        ),
        'In the order of the plan.',
      ),
      logQMix: described(
        record({ positives: nullable(qFigures), negatives: nullable(qFigures) }, 'block'),
        'Over all rows that have it.',
      ),
    },
    'block',
  );
}

/** Codecs by the format of the lock file. */
export const lockCodecs = { 1: lockOf(1), [lockFormat]: lockOf(lockFormat) } as const;

export type SampleLock = ValueOf<(typeof lockCodecs)[typeof lockFormat]>;
export type LockedOutput = SampleLock['output'];
export type LockedRows = NonNullable<SampleLock['files']>[number];
export type LockedEntry = SampleLock['entries'][number];
export type QFigures = ValueOf<typeof qFigures>;

/** The files of a data set, with digests of their contents. */
export type FilesDigest = Omit<ValueOf<typeof withFiles>, 'path'>;
/** `path` is relative to the folder of the data set, with `/`. */
export type LockedFile = FilesDigest['files'][number];
