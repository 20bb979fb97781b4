import type { GroupRow, GroupsReport } from '../core/report/inspectReport.ts';
import { message, type Message } from '../core/message/message.ts';
import type { Dataset } from '../core/table/dataset.ts';
import type { View } from '../core/table/filter.ts';
import { groupKeys, groupings } from '../core/table/grouping.ts';
import { decodePage } from '../core/table/page.ts';
import type { DatasetRef } from '../protocol/datasetRef.ts';
import type { CallContext, EngineClient } from '../protocol/engine.ts';
import { usageError } from './usage.ts';

/** Most groups of one request. */
const MAX_HEADS = 1000;

interface GroupsAsked {
  readonly dataset: Dataset;
  readonly ref: DatasetRef;
  readonly view: View;
  /** The value of `--group-by`. */
  readonly grouping: string;
  /** How many groups to read. */
  readonly count: number;
  readonly help: string;
}

/**
 * The first groups of the rows of a view.
 * @throws FailureError a usage error if the columns do not allow the grouping
 */
export async function groupHeads(
  engine: EngineClient,
  { dataset, ref, view, grouping, count, help }: GroupsAsked,
  call: Partial<CallContext>,
): Promise<GroupsReport> {
  const chosen = groupings.find((candidate) => candidate === grouping) ?? 'user';
  const { keys, lacks } = groupKeys(chosen, dataset.columns);
  if (keys === null) throw usageError(message('--group-by {0}: {1}', chosen, lacks), seeHelp(help));
  const columns = keys.map(({ column }) => dataset.columns.findIndex(({ name }) => name === column));
  const list: GroupRow[] = [];
  for (let first = 0; ; first += MAX_HEADS) {
    const page = await engine.call(
      'groups',
      { ref, view: { ...view, group: keys }, first, count: Math.min(MAX_HEADS, Math.max(1, count - first)), columns },
      call,
    );
    const values = decodePage(page.arrow);
    page.heads.forEach(({ rows, all, positives, mix }, r) => {
      const key = keys.map(({ byDay }, k) => {
        const text = values.text(r, k);
        return byDay ? (text?.slice(0, 10) ?? null) : text;
      });
      if (list.length < count) list.push({ key, rows, all, positives, mix });
    });
    if (page.heads.length < MAX_HEADS || list.length >= count)
      return { by: keys.map(({ column }) => column), total: page.groups, sources: page.sources, list };
  }
}

function seeHelp(help: string): Message {
  return message('See {0}.', help);
}
