/** Orders of the rows of a sample. Groups stay together except with `shuffled_rows`. */
export const rowOrders = ['user', 'shuffled', 'shuffled_rows'] as const;
export type RowOrder = (typeof rowOrders)[number];

/** Folders by the local day of the group's time: `dt=20261120`. */
export interface PartitionBy {
  readonly column: string;
  /** A format of `isDayFormat`. */
  readonly format: string;
}

/** The order of the rows of a sample, and the files that hold them. Neither changes a row. */
export interface Placement {
  readonly order: RowOrder;
  /** True if rows have the id of their group. */
  readonly groupId: boolean;
  /** Null: one file. */
  readonly folder: FolderPlacement | null;
}

/** A folder of files. */
export interface FolderPlacement {
  /** Files of the folder, or of each partition. */
  readonly shards: number;
  readonly partitionBy: PartitionBy | null;
}

/** One file, users in the order of their ids, without ids of groups. */
export const plainPlacement: Placement = { order: 'user', groupId: false, folder: null };

/** True if the rows have a place of their own: another order, or one of several files. */
export function isPlaced({ order, folder }: Placement): boolean {
  return order !== 'user' || (folder !== null && (folder.shards > 1 || folder.partitionBy !== null));
}

/** Suffix of a lock file's name; the name of the sample file precedes it. */
export const lockEnding = '.recsample.json';
/** Lock file of a folder, or of one partition. Readers of folders skip names that begin with `_`. */
export const folderLockName = '_recsample.json';

/** Name of a file of a folder: `part-00000-of-00008.parquet`. */
export function shardName(shard: number, shards: number, ending: string): string {
  const digits = (value: number): string => String(value).padStart(5, '0');
  return `part-${digits(shard)}-of-${digits(shards)}.${ending}`;
}

/**
 * Ranks of a shard: from the first to the end, without the end.
 * @param count number of all ranks
 */
export function shardRanks(shard: number, shards: number, count: number): readonly [first: number, end: number] {
  // Exact: both products may exceed 2^53.
  const at = (k: number): number => Number((BigInt(k) * BigInt(count)) / BigInt(shards));
  return [at(shard), at(shard + 1)];
}

/** True if each day has a folder. */
export function isByDay({ folder }: Placement): boolean {
  return (folder?.partitionBy ?? null) !== null;
}
