import type { ConfigDraft } from '../../config/definition/config.ts';
import { isoDayFormat } from '../../schema/dayFormat.ts';
import type { FolderPlacement, Placement } from '../placement.ts';

/** The order and the files of the samples of a config, with defaults filled in. */
export function placementOf({ output }: ConfigDraft): Placement {
  const order = output?.order ?? 'user';
  return { order, groupId: order === 'shuffled_rows' || output?.group_id === true, folder: folderPlacement(output) };
}

function folderPlacement(output: ConfigDraft['output']): FolderPlacement | null {
  const { shards, partition_by: by } = output ?? {};
  if (shards === undefined && by?.column === undefined) return null;
  return {
    shards: shards ?? 1,
    partitionBy: by?.column === undefined ? null : { column: by.column, format: by.format ?? isoDayFormat },
  };
}
