import { fail } from '../../core/message/failure.ts';
import { message, type Message } from '../../core/message/message.ts';
import { samplerConfig } from '../../core/sampling/trainerExport/samplerConfig.ts';
import type { HandedFile } from '../../core/sampling/trainerExport/summary.ts';
import type { PlanEntry, StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import { makeNodes, type GraphLearnTrainer, type ItemNodes } from './graphLearnNodes.ts';
import { writeTable, type DrawnPart, type ExportedFiles, type ExportJob } from './exportJob.ts';
import { dailyCount } from '../../core/source/options.ts';

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

/** The settings of the two kinds of samplers. */
const configs = { weights: 'sampler.config', edges: 'sampler_v2.config' } as const;

/**
 * The parts of a mix that the tables cannot express. `drawn`: entries that the weights represent; `lists`: entries that
 * are edges.
 */
function unsaid(
  { entries, positives, logq }: StagePlan,
  drawn: readonly PlanEntry[],
  lists: readonly PlanEntry[],
): Message[] {
  const names = (some: readonly PlanEntry[]): string => some.map(({ name }) => name).join(', ');
  const said = (some: readonly PlanEntry[], sentence: (named: string) => Message): Message[] =>
    some.length === 0 ? [] : [sentence(names(some))];
  const by =
    (which: 'user' | 'positive') =>
    ({ draws, amount }: PlanEntry): boolean =>
      amount > 0 && draws.kind === 'pool' && draws.partition?.by === which;
  const empty = entries.filter(
    (entry) => entry.amount > 0 && entry.draws.kind === 'pool' && !by('positive')(entry) && !drawn.includes(entry),
  );
  return [
    message('The trainer draws negatives itself with its own seed: they differ from the rows of the preview'),
    message(
      '{0} draws by weight and skips the items of the batch. {1} draws from the items of all positives with equal probability and skips the positives of the user',
      configs.weights,
      configs.edges,
    ),
    ...said(drawn.length > 1 ? drawn : [], (named) =>
      message('{0} are combined: the weight of an item is proportional to the probability that they draw it', named),
    ),
    ...said(entries.filter(by('user')), (named) =>
      message('{0}: the weights are for all users together, not per user attribute', named),
    ),
    ...said(
      entries.filter((entry) => entry.amount > 0 && dailyCount(entry) !== null),
      (named) =>
        message(
          '{0}: the trainer has no weights by day (as_of: day). The weights count events up to the training cut',
          named,
        ),
    ),
    ...(logq === 'shares'
      ? [message('The trainer has no correction that keeps the shares of the mix (logq: shares)')]
      : []),
    ...said(entries.filter(by('positive')), (named) =>
      message('{0} left out: an item table has no positive to match', named),
    ),
    ...said(empty, (named) => message('{0} left out: there is no item to draw', named)),
    ...said(lists, (named) =>
      message(
        '{0} are written as edges. For each row of a user, the trainer uses the edges of this user, not those of one positive',
        named,
      ),
    ),
    ...(positives.hotThreshold === null && positives.maxPerUserPerDay === null && !positives.minSteps
      ? []
      : [message('Positives dropped by downsampling have no edge: they may be drawn as negatives')]),
    message('The trainer ignores exclude and the times when items were created and removed'),
    ...said(
      entries.filter(({ amount, exclude }) => amount > 0 && exclude?.history !== undefined),
      (named) =>
        message(
          '{0}: the trainer does not support exclude.history. Only the written edges leave out past items',
          named,
        ),
    ),
  ];
}
