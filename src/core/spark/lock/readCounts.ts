import { namedUnknownCounts } from '../../sampling/unknownCounts.ts';
import { dayText } from '../../table/day.ts';
import { stages } from '../../schema/stage.ts';
import { compareTexts } from '../../sampling/compareTexts.ts';
import { sampleLayouts } from '../../schema/sampleLayout.ts';
import { namedHistoryCounts } from '../../sampling/historyCounts.ts';
import { namedSequenceCounts } from '../../sampling/sequenceCounts.ts';
import type { PartitionBy } from '../../sampling/placement.ts';
import { fail } from '../../message/failure.ts';
import { message } from '../../message/message.ts';
import type { TeacherCoverage } from '../../sampling/drawn.ts';
import { isoTime } from '../../sampling/isoTime.ts';
import type { JsonValue } from '../../json/jsonValue.ts';
import { JobFacts, onlyRecord, Records } from './jobRecords.ts';
import { figuresOf, qBins } from '../../sampling/lock/qTally.ts';
import {
  lockedOrders,
  lockedSplits,
  lockedUnits,
  lockFormat,
  type LockedEntry,
  type LockedOutput,
  type QFigures,
  type SampleLock,
} from '../../sampling/lock/sampleLock.ts';
import { f64At } from '../../valueAt.ts';
import { sortedRecord } from '../../sampling/lock/settings.ts';

/** The counts that a finished Spark job wrote about its result. */
export interface SparkCounts {
  /** The lock file without what the files say. */
  readonly lock: Omit<SampleLock, 'output' | 'files' | 'digest' | 'data'>;
  readonly output: Pick<LockedOutput, 'layout'> & Required<Pick<LockedOutput, 'order'>>;
  /** Null: all files are in one folder. */
  readonly byDay: {
    readonly partitionBy: PartitionBy;
    /** `value`: as in the name of the folder. */
    readonly days: readonly ({ readonly value: string } & CountedRows)[];
  } | null;
  /** Paths of the data sets, relative to the folder of the config. */
  readonly data: ReadonlyMap<string, string>;
  /** Paths of the data sets as Spark read them. */
  readonly readPaths: ReadonlyMap<string, string>;
  /** `modified`: microseconds since 1970 UTC. `path`: as Spark writes it. */
  readonly inputs: readonly {
    readonly data: string;
    readonly path: string;
    readonly bytes: number;
    readonly modified: number;
  }[];
  /**
   * One record with the bytes of each file, and one with its rows unless it is empty. Folders of days also have the records
   * of earlier runs.
   */
  readonly files: readonly ({ readonly path: string; readonly bytes: number | null } & CountedRows)[];
  /** All samples. */
  readonly samples: number;
}

/** Rows of files, and the samples that they hold: more in layouts with lists. */
export interface CountedRows {
  readonly rows: number;
  readonly samples: number;
}

/** True if the counts of a job say that it writes a folder for each day. `job`: JSON values of the table `job`. */
export function writesDays(job: readonly unknown[]): boolean {
  return job.some(
    (record) =>
      typeof record === 'object' && record !== null && 'name' in record && record.name === partitionFacts.column,
  );
}

/** Names of what a job knows about the folders of its days, of the kind `output`. */
export const partitionFacts = { column: 'partition_column', format: 'partition_format' } as const;

/**
 * Reads the counts of a job. `records`: the JSON values of each table. `path`: the folder of the counts, for failures.
 * @throws FailureError `wrong-format` if they are not the counts of one job
 */
export function readCounts(records: ReadonlyMap<string, readonly unknown[]>, path: string): SparkCounts {
  const all = new Records(records, path);
  const facts = new JobFacts(all);
  const users = facts.textsOfKind('user');
  const plan = facts.text('plan', 'sha256');
  for (const table of ['totals', 'files', 'inputs'])
    for (const record of all.recordsOf(table))
      if (record.at('plan').text() !== plan)
        throw fail('wrong-format', message('The counts belong to another job: the digests of their plans differ'), {
          place: { path },
          advice: message('Run the job again. It writes all counts.'),
        });
  const totals = onlyRecord(all, 'totals');
  const rows = all.recordsOf('rows').map((row) => ({
    label: row.at('label').count(),
    entry: optionalText(row, 'entry'),
    rows: row.at('rows').count(),
    known: countOf(row, 'known'),
  }));
  const ofLabel = (label: number): number => rows.reduce((sum, row) => sum + (row.label === label ? row.rows : 0), 0);
  const positives = ofLabel(1);
  const negatives = ofLabel(0);
  const [groups] = all.recordsOf('groups');
  const isDrawn = groups !== undefined;
  const entries = [...facts.textsOfKind('entry')].sort(([a], [b]) => Number(a) - Number(b)).map(([, name]) => name);
  const figures = new Figures(all);
  const positiveMix = figures.of('mix', ({ label }) => label === 1);
  return {
    lock: {
      format: lockFormat,
      generator: `${facts.text('run', 'generator')}, Apache Spark ${totals.at('engine').text().split(' ')[0] ?? ''}`,
      stage: facts.choice('run', 'stage', stages),
      unit: facts.choice('run', 'unit', lockedUnits),
      seed: facts.text('run', 'seed'),
      epoch: Number(facts.text('run', 'epoch')),
      split: facts.choice('run', 'split', lockedSplits),
      knownUntil: timeOf(totals),
      users: users.size === 0 ? 'all' : [...users.keys()].sort(compareTexts),
      config: {
        path: facts.text('config', 'path'),
        sha256: facts.text('config', 'sha256'),
        variables: sortedRecord(facts.textsOfKind('variable')),
      },
      plan: { sha256: plan, settings: sortedRecord(facts.textsOfKind('setting')) },
      counts: {
        users: totals.at('users').count(),
        groups: isDrawn ? groups.at('groups').count() : positives + negatives,
        positives,
        negatives,
        // Only positives can have an item that no entry can draw.
        unreached: isDrawn ? positives - (positiveMix?.rows ?? 0) : 0,
        ...(facts.textsOfKind('copied').has('exposures')
          ? {
              withoutExposure: isDrawn ? positives + negatives - countOf(onlyRecord(all, 'exposed'), 'rows') : 0,
            }
          : {}),
      },
      ...(all.has('events') ? { eventCounts: eventCountsOf(all) } : {}),
      ...(all.has('histories') ? { historyCounts: historiesOf(all) } : {}),
      ...(all.has('sequences') ? { sequenceCounts: sequencesOf(all) } : {}),
      ...(all.has('unknown') ? { unknownCounts: unknownCounts(all.recordsOf('unknown')) } : {}),
      ...(facts.textsOfKind('teacher').size === 0
        ? {}
        : {
            teacher: coverageOf(
              all,
              rows,
              facts.textsOfKind('exposures').get('entry'),
              entries,
              isDrawn && facts.textsOfKind('teacher').get('on') === 'exposed',
            ),
          }),
      entries: entriesOf(all, {
        entries,
        asked: groups ?? totals,
        figures,
        rows,
        source: (k) => facts.text('source', k),
        refill: facts.textsOfKind('refill'),
        plan: facts.textsOfKind('plan'),
      }),
      logQMix: {
        positives: positiveMix,
        // With a single entry, the mix equals the entry.
        negatives:
          entries.length === 1
            ? figures.of('q', ({ label }) => label === 0)
            : figures.of('mix', ({ label }) => label === 0),
      },
    },
    output: {
      layout: facts.choice('output', 'layout', sampleLayouts),
      order: lockedOrders.find((order) => order === facts.text('output', 'order')) ?? 'any',
    },
    byDay: daysOf(all, facts.textsOfKind('output')),
    data: facts.textsOfKind('data'),
    readPaths: facts.textsOfKind('read'),
    inputs: all.recordsOf('inputs').map((input) => ({
      data: input.at('data').text(),
      path: input.at('path').text(),
      bytes: input.at('bytes').count(),
      modified: input.at('modified').count(),
    })),
    files: all.recordsOf('files').map((file) => ({
      path: file.at('path').text(),
      bytes: file.optional('bytes')?.orNull((bytes) => bytes.count()) ?? null,
      ...countedRows(file),
    })),
    samples: positives + negatives,
  };
}

interface CountedEntries {
  readonly entries: readonly string[];
  readonly asked: JsonValue;
  readonly figures: Figures;
  readonly rows: readonly { readonly label: number; readonly entry: string | null; readonly rows: number }[];
  readonly source: (k: string) => string;
  readonly refill: ReadonlyMap<string, string>;
  readonly plan: ReadonlyMap<string, string>;
}

function entriesOf(
  all: Records,
  { entries, asked, figures, rows, source, refill, plan }: CountedEntries,
): LockedEntry[] {
  const [shortfalls] = all.recordsOf('shortfalls');
  const shortfall = (of: 'groups' | 'missing' | 'enough', k: number): number =>
    shortfalls === undefined ? 0 : countOf(shortfalls, `${of}_${k}`);
  const pools = new Set(all.recordsOf('pools').map((pool) => pool.at('entry').count()));
  const refills = refill.has('from') ? Number(refill.get('from')) : null;
  const drawnOf = (name: string): number =>
    rows.reduce((sum, row) => sum + (row.label === 0 && row.entry === name ? row.rows : 0), 0);
  const missed = entries.reduce((sum, _, k) => sum + (k === refills ? 0 : shortfall('missing', k)), 0);
  const [effective] = all.recordsOf('effective');
  const groups = effective === undefined ? 0 : countOf(effective, 'groups');
  return entries.map((name, k) => {
    const enough = shortfall('enough', k);
    const missing = shortfall('missing', k);
    const lacking = missing - enough;
    const requested = countOf(asked, `asked_${k}`) + (k === refills ? missed : 0);
    const drawn = drawnOf(name);
    const share = effective === undefined || groups === 0 ? null : shareOf(effective.at(`share_${k}`), groups);
    return {
      name,
      source: source(String(k)),
      asked: requested,
      ...(k === refills ? { refilled: missed } : {}),
      drawn,
      ...(plan.has('distinct') ? { repeated: requested - missing - drawn } : {}),
      shortGroups: shortfall('groups', k),
      shortfalls: {
        attempts: enough,
        list: pools.has(k) ? 0 : lacking,
        pool: pools.has(k) ? lacking : 0,
      },
      ...(plan.has('logq') ? { effectiveShare: share === null ? null : Math.round(share * 1e6) / 1e6 } : {}),
      logQ: figures.of('q', (row) => row.label === 0 && row.entry === name),
    };
  });
}

/** By table of events, those with and without an impression. */
function eventCountsOf(all: Records): Record<string, number> {
  const counts = all.recordsOf('events').flatMap((row): (readonly [string, number])[] => {
    const name = row.at('name').text();
    return [
      [`${name}.matched`, countOf(row, 'matched')],
      [`${name}.unmatched`, countOf(row, 'unmatched')],
    ];
  });
  return Object.fromEntries(counts);
}

function historiesOf(all: Records): Record<string, number> {
  return namedHistoryCounts(
    all.recordsOf('histories').map((one) => ({
      column: one.at('column').text(),
      within: one.at('within').oneOf(['train', 'all']),
      items: countOf(one, 'items'),
      unknown: countOf(one, 'unknown'),
    })),
  );
}

function sequencesOf(all: Records): Record<string, number> {
  return namedSequenceCounts(
    all.recordsOf('sequences').map((one) => ({
      name: one.at('name').text(),
      groups: countOf(one, 'groups'),
      empty: countOf(one, 'empty'),
      full: countOf(one, 'full'),
      steps: countOf(one, 'steps'),
      newestAge: one.optional('newest_age')?.orNull((age) => age.count()) ?? null,
    })),
  );
}

function daysOf(all: Records, output: ReadonlyMap<string, string>): SparkCounts['byDay'] {
  const [column, format] = [output.get(partitionFacts.column), output.get(partitionFacts.format)];
  if (column === undefined || format === undefined) return null;
  const days = all.recordsOf('days').map((day) => ({ value: day.at('value').text(), ...countedRows(day) }));
  return { partitionBy: { column, format }, days };
}

function countedRows(record: JsonValue): CountedRows {
  return { rows: record.at('rows').count(), samples: record.at('samples').count() };
}

/** Coverage of the positives, then of each entry. `isMasked`: the teacher is trusted only on rows that are counted. */
function coverageOf(
  all: Records,
  rows: readonly {
    readonly label: number;
    readonly entry: string | null;
    readonly rows: number;
    readonly known: number;
  }[],
  exposures: string | undefined,
  entries: readonly string[],
  isMasked: boolean,
): TeacherCoverage[] {
  const names = [null, ...(exposures === undefined ? entries : [exposures])];
  const taught = all.recordsOf('taught').map((one) => ({
    entry: one.optional('entry')?.orNull((entry) => entry.count()) ?? null,
    rows: one.at('rows').count(),
  }));
  return names.map((name, k) => {
    const own = rows.filter((row) => (name === null ? row.label === 1 : row.label === 0 && row.entry === name));
    const trusted = taught.find(({ entry }) => entry === (name === null ? null : k - 1))?.rows ?? 0;
    return {
      entry: name,
      trusted: isMasked ? trusted : own.reduce((sum, row) => sum + row.rows, 0),
      known: own.reduce((sum, row) => sum + row.known, 0),
    };
  });
}

/** Statistics of logs over some of the counted rows. */
class Figures {
  constructor(private readonly all: Records) {}

  of(
    name: 'q' | 'mix',
    isCounted: (row: { readonly label: number; readonly entry: string | null }) => boolean,
  ): QFigures | null {
    const isOne = (row: JsonValue): boolean =>
      isCounted({ label: row.at('label').count(), entry: optionalText(row, 'entry') });
    const bins = new Float64Array(qBins);
    const sums = { rows: 0, sum: 0n, least: Infinity, greatest: -Infinity };
    for (const row of this.all.recordsOf('rows')) {
      const count = countOf(row, `${name}_rows`);
      if (count === 0 || !isOne(row)) continue;
      const place = row.at(`${name}_bin`);
      const bin = place.count();
      addTo(bins, place.must(bin, bin < qBins, message('a whole number below {0}', qBins)), count);
      sums.rows += count;
      const sum = row.at(`${name}_sum`);
      const digits = sum.text();
      sums.sum += BigInt(sum.must(digits, /^-?\d+$/.test(digits), message('a whole number')));
      sums.least = Math.min(sums.least, row.at(`${name}_least`).number());
      sums.greatest = Math.max(sums.greatest, row.at(`${name}_greatest`).number());
    }
    return figuresOf({ ...sums, bins });
  }
}

function addTo(bins: Float64Array, bin: number, rows: number): void {
  bins[bin] = f64At(bins, bin) + rows;
}

/** The mean of a share over groups. `sum`: over the groups */
function shareOf(sum: JsonValue, groups: number): number {
  const share = sum.number() / groups;
  // Spark adds shares that are rounded.
  return sum.must(share, share >= 0 && share <= 1 + 1e-9, message('a sum of {0} shares', groups));
}

/** Spark leaves out NULL. */
function countOf(record: JsonValue, key: string): number {
  return record.optional(key)?.orNull((value) => value.count()) ?? 0;
}

function optionalText(record: JsonValue, key: string): string | null {
  return record.optional(key)?.orNull((value) => value.text()) ?? null;
}

/** Null if there are no impressions. */
function timeOf(totals: JsonValue): string | null {
  const time = totals.optional('known_until')?.orNull((value) => {
    const microseconds = value.number();
    const isTime = Number.isInteger(microseconds) && Math.abs(microseconds) <= 2 ** 63;
    return value.must(microseconds, isTime, message('a time in microseconds'));
  });
  return time === null || time === undefined ? null : isoTime(time);
}

function unknownCounts(rows: readonly JsonValue[]): Record<string, number> {
  return namedUnknownCounts(
    rows.map((row) => ({
      event: row.at('event').text(),
      day: dayText(row.at('day').number()),
      impressions: row.at('impressions').count(),
    })),
  );
}
