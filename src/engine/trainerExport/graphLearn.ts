import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { samplerConfig } from '../../core/sampling/trainerExport/samplerConfig.ts';
import type { HandedFile } from '../../core/sampling/trainerExport/summary.ts';
import type { PlanEntry, StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import { makeNodes, type GraphLearnTrainer, type ItemNodes } from './graphLearnNodes.ts';
import { configs, unsaid } from './graphLearnNotices.ts';
import { writeTable, type DrawnPart, type ExportedFiles, type ExportJob } from './exportJob.ts';

const files = { items: 'item.tsv', users: 'user.tsv', positives: 'pos_edge.tsv', hard: 'hard_neg_edge.tsv' } as const;

/**
 * These trainers always draw from the item table. If the stage does not, its sample file already contains everything.
 * @throws FailureError if the stage draws from no pool that a table can represent
 */
export function refuseWithoutPool({ stage, entries }: StagePlan): void {
  if (entries.some(({ draws, amount }) => draws.kind === 'pool' && draws.partition?.by !== 'positive' && amount > 0))
    return;
  throw fail('unsupported', message('{0} does not draw from a pool of items, but these trainers always do', stage), {
    advice: message('Train on the file that recsample sample writes.'),
  });
}

/**
 * Tables of the negative samplers that draw through GraphLearn during training: nodes `id weight attrs`, edges `userid
 * itemid weight`.
 * Sources: EasyRec, docs/source/models/dssm_neg_sampler.md; TorchEasyRec, docs/source/models/dssm.md.
 * @throws FailureError if no item is left to draw, or an id or an attribute cannot be written
 */
export async function writeGraphLearn(job: ExportJob, trainer: GraphLearnTrainer): Promise<ExportedFiles> {
  const {
    request: {
      output: { names, named },
    },
    parts: [part],
  } = job;
  const lists = await drawnLists(job);
  const nodes = await makeNodes(job, trainer, `label = 1 OR ${isHard(lists)}`);
  const at = (name: string): string => `${named.replace(/[\\/]$/, '')}/${name}`;
  const settings = {
    tables: {
      items: at(files.items),
      users: at(files.users),
      positives: at(files.positives),
      hard: lists.length === 0 ? null : at(files.hard),
    },
    samples: asked(part, nodes.entries),
    hardSamples: asked(part, lists),
    attributes: [names.item, ...nodes.attributes],
    delimiter: nodes.delimiter,
    item: names.item,
    user: names.user,
  };
  return {
    files: await writeTables(job, nodes, lists),
    texts: { [configs.weights]: samplerConfig('weights', settings), [configs.edges]: samplerConfig('edges', settings) },
    notices: [...nodes.notices, ...unsaid(part.plan, nodes.entries, lists)],
  };
}

async function writeTables(
  job: ExportJob,
  { idType, select }: ItemNodes,
  lists: readonly PlanEntry[],
): Promise<HandedFile[]> {
  const {
    parts: [{ rows }],
  } = job;
  const typed = (sql: string, name: string): string =>
    `CAST(${sql} AS VARCHAR) AS ${quoteIdentifier(`${name}:${idType}`)}`;
  // Sums in the order of the rows, because another order could round differently.
  const edges = (
    where: string,
  ): string => `SELECT ${typed('"user"', 'userid')}, ${typed('item', 'itemid')}, list_sum(list(weight ORDER BY file_row_number)) AS "weight:float"
    FROM ${rows} WHERE ${where} GROUP BY "user", item ORDER BY min(file_row_number)`;
  return [
    await writeTable(job, files.items, select, false),
    await writeTable(
      job,
      files.users,
      `SELECT ${typed('"user"', 'id')}, 1 AS "weight:float" FROM ${rows} GROUP BY "user" ORDER BY min(file_row_number)`,
      false,
    ),
    await writeTable(job, files.positives, edges('label = 1'), false),
    ...(lists.length === 0 ? [] : [await writeTable(job, files.hard, edges(isHard(lists)), false)]),
  ];
}

/**
 * Entries that drew rows from lists. Without such entries there are no edges of hard negatives, and no sampler that
 * needs them.
 */
async function drawnLists({ parts: [{ plan, rows }], sampled: { tables }, work }: ExportJob): Promise<PlanEntry[]> {
  const lists = plan.entries.filter(({ draws, amount }) => draws.kind === 'list' && amount > 0);
  const drawn = new Set(
    (await tables.rows(`SELECT DISTINCT entry FROM ${rows} WHERE label = 0`, work)).map(([entry]) => entry),
  );
  return lists.filter(({ name }) => drawn.has(name));
}

/** SQL that is true for rows drawn by these entries. */
function isHard(lists: readonly PlanEntry[]): string {
  return lists.length === 0
    ? 'false'
    : `(label = 0 AND entry IN (${lists.map(({ name }) => quoteLiteral(name)).join(', ')}))`;
}

/**
 * Number of rows requested from some entries per positive, rounded up. The subtraction corrects sums of shares that are
 * not exactly whole.
 */
function asked(
  { plan: { unit, amounts }, summary: { groups, positives } }: DrawnPart,
  entries: readonly PlanEntry[],
): number {
  const perGroup =
    entries.reduce((sum, { amount }) => sum + amount, 0) * (amounts.kind === 'shares' ? amounts.perGroup : 1);
  return Math.max(1, Math.ceil((unit === 'positive' ? 1 : groups / Math.max(1, positives)) * perGroup - 1e-9));
}
