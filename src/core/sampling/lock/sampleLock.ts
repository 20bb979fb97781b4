import type { RowsDigest } from '../../table/rowsDigest.ts';
import { compareTexts } from '../compareTexts.ts';
import type { ShortfallCause, TeacherCoverage } from '../drawn.ts';
import { rowOrders, type PartitionBy } from '../placement.ts';

/** Suffix of a lock file's name; the name of the sample file precedes it. */
export const lockEnding = '.recsample.json';

/** Version of the lock file's format. */
export const lockFormat = 2;
/** Versions that are read. */
export const lockFormats = [1, lockFormat] as const;

/** Data sets that a stage may be drawn from, in the order of reports. */
export const lockedDatasets = ['impressions', 'clicks', 'items', 'users', 'candidates', 'rejections'] as const;
/** Several tables of events: `clicks.<name>` for each of them. */
export type LockedDataset = (typeof lockedDatasets)[number] | `clicks.${string}`;

export function isLockedDataset(name: string): name is LockedDataset {
  return lockedDatasets.some((known) => known === name) || name.startsWith('clicks.');
}

/** Data sets in the order of reports; several tables of events by name. */
export function inLockOrder(names: Iterable<string>): LockedDataset[] {
  const known = [...new Set(names)].filter(isLockedDataset);
  const place = (name: LockedDataset): number =>
    lockedDatasets.findIndex((one) => one === name || (one === 'clicks' && name.startsWith('clicks.')));
  return known.sort((a, b) => place(a) - place(b) || compareTexts(a, b));
}

/**
 * How a sample file was made, and its contents. Equal for equal runs: it contains no clock times and no paths of the
 * machine.
 */
export interface SampleLock {
  /** Format 1 lacks what is optional below. */
  readonly format: (typeof lockFormats)[number];
  /** `recsample` and its version. */
  readonly generator: string;
  readonly stage: string;
  readonly unit: string;
  readonly seed: string;
  readonly epoch: number;
  readonly split: string;
  /** ISO 8601: the time until which outcomes are known. Null without impressions. */
  readonly knownUntil?: string | null;
  /** Exact texts of the requested ids, each once, ordered by their bytes; `all`: every user of the log. */
  readonly users: 'all' | readonly string[];
  /**
   * `path`: relative to the folder of the project; `sha256`: of the text; `variables`: values given in addition to the
   * config.
   */
  readonly config: {
    readonly path: string;
    readonly sha256: string;
    readonly variables: Readonly<Record<string, string>>;
  };
  /** `settings`: the plan and how the data are read, by the paths of a config, with defaults filled in. */
  readonly plan: { readonly sha256: string; readonly settings: Readonly<Record<string, string>> };
  readonly data: Readonly<Partial<Record<(typeof lockedDatasets)[number], LockedData>>> &
    Readonly<Record<`clicks.${string}`, LockedData>>;
  readonly output: LockedOutput;
  /** Ordered by rank: the sample file, or the files of the folder. */
  readonly files?: readonly LockedRows[];
  /** Digest of the rows, without the column of the partition. Missing if it was not computed. */
  readonly digest?: RowsDigest;
  readonly counts: RunCounts;
  /**
   * By table of events, how many of them have an impression and how many have none: `clicks.matched` and
   * `clicks.unmatched`.
   */
  readonly eventCounts?: Readonly<Record<string, number>>;
  /** By column of `exclude.history`, for all users: `hist.items` and `hist.unknown` as in `HistoryCounts`. */
  readonly historyCounts?: Readonly<Record<string, number>>;
  /** Impressions that are neither positives nor negatives, by unknown event and day: `click.2026-11-20`. */
  readonly unknownCounts?: Readonly<Record<string, number>>;
  /** Rows with a value of the teacher: positives, then each entry. Missing if the stage has no teacher. */
  readonly teacher?: readonly TeacherCoverage[];
  /** In the order of the plan. */
  readonly entries: readonly LockedEntry[];
  /** Over all rows that have it: positives and drawn rows have `log_q_mix`. */
  readonly logQMix: { readonly positives: QFigures | null; readonly negatives: QFigures | null };
}

export const lockedOrders = [...rowOrders, 'any'] as const;
type LockedOrder = (typeof lockedOrders)[number];

/** The written samples: of one file, of a folder, or of one partition. */
export interface LockedOutput {
  readonly format: string;
  readonly layout: string;
  /** `any`: of a Spark job without an order. */
  readonly order?: LockedOrder;
  /** Number of files of the folder, or of the partition; null: one file. */
  readonly shards?: number | null;
  /** `value`: the day in the name of the folder. Null without partitions. */
  readonly partition?: (PartitionBy & { readonly value: string }) | null;
  readonly columns: readonly string[];
  readonly rows: number;
  readonly bytes: number;
  /** Of the file; for a folder, of one line per file in the format of `sha256sum`. */
  readonly sha256: string;
}

/** A file with samples. `path`: relative to the lock file. `rows`: samples, whatever the layout. */
export interface LockedRows extends LockedFile {
  readonly rows: number;
}

/**
 * A data set as it was read. `path`: relative to the folder of the config. Without digests if a Spark job read files
 * that `recsample lock` could not read.
 */
export interface LockedData extends Partial<FilesDigest> {
  readonly path: string;
}

/** Files with a digest of their content. */
export interface FilesDigest {
  /**
   * SHA-256 of one line per file in the format of `sha256sum`: digest, two blanks, path; ordered by the bytes of the
   * paths.
   */
  readonly sha256: string;
  readonly bytes: number;
  /** Ordered by the bytes of the paths. */
  readonly files: readonly LockedFile[];
}

/** `path`: relative to the folder of the data set, with `/`. */
export interface LockedFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface RunCounts {
  /** Users of the log; those without groups have no rows. */
  readonly users: number;
  readonly groups: number;
  readonly positives: number;
  readonly negatives: number;
  /** Rows whose item no entry of the group can draw. */
  readonly unreached: number;
  /**
   * Negatives whose log columns are NULL because they have no exposure of their own. Missing if no such column is
   * passed through.
   */
  readonly withoutExposure?: number;
}

/** Requested and drawn negatives of an entry of the mix, over the whole run. */
export interface LockedEntry {
  readonly name: string;
  readonly source: string;
  /** After refill. */
  readonly asked: number;
  /** Rows of `asked` that refill added; only for the entry of `refill_from`. */
  readonly refilled?: number;
  readonly drawn: number;
  readonly shortGroups: number;
  /** Missing rows by cause. */
  readonly shortfalls: Readonly<Record<ShortfallCause, number>>;
  /** Share of the softmax at equal scores; null if no group has negatives. */
  readonly effectiveShare?: number | null;
  /** Null if no row has it. */
  readonly logQ: QFigures | null;
}

/** Natural logarithms of probabilities, to a millionth. */
export interface QFigures {
  readonly rows: number;
  readonly mean: number;
  readonly least: number;
  readonly greatest: number;
  /**
   * Rows by half nat, without empty bins: the greater end of the half nat, which is included, and its rows; from 0
   * downwards.
   */
  readonly bins: readonly (readonly [number, number])[];
}
