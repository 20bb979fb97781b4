import { plainPlacement } from '../../sampling/placement.ts';
import { fail } from '../../message/failure.ts';
import { message } from '../../message/message.ts';
import { isAsOf } from '../../data/passThrough.ts';
import { dailyCount, groupedBy } from '../../source/options.ts';
import { addDrawnUnit, batchPositives, stepNames } from '../entries/drawnUnit.ts';
import { poolItems } from '../entries/pool.ts';
import { partitionOf } from '../entries/poolEntry.ts';
import { beginScript } from '../generate.ts';
import { addInputs } from '../inputs/addInputs.ts';
import { addPositiveGroups, joinedTexts } from '../groups/groups.ts';
import { addImpressionUnit } from '../groups/impressionUnit.ts';
import { addRequestGroups } from '../groups/requestUnit.ts';
import { ofChosenUsers } from '../inputs/chosenUsers.ts';
import type { InputRoot, Sources } from '../inputs/sources.ts';
import type { CountFact } from '../lock/countFacts.ts';
import type { Script } from '../script.ts';
import type { SparkJob } from '../sparkJob.ts';
import { bool, call, cast, col, countRows, fn, int, sql, sum, text, valueOf } from '../../relation/expression.ts';
import { equal, from, join, select, unionAll, unionDistinct } from '../../relation/relation.ts';
import type { Relation, Expression } from '../../relation/tree.ts';
import { datasetFolder, extractVersion, manifestFolder, type CountFolder } from './extractFormat.ts';
import { RawRows } from './rawRows.ts';
import type { Log } from '../inputs/log.ts';

/** Contents of an extract that the job itself does not need. */
export interface ExtractContent {
  /** Names of the columns to copy, by data set. */
  readonly columns: ReadonlyMap<string, readonly string[]>;
  /** Facts for the manifest that are known before the job runs. */
  readonly facts: readonly CountFact[];
}

/**
 * The statements that write an extract: all rows of the users of the job, and the counts over all users that their
 * draws need. A preview of the extract shows the same draws for these users as the job.
 * @throws FailureError as `generateScript`
 */
export function generateExtract(
  sampleJob: SparkJob,
  { columns, facts }: ExtractContent,
  roots: readonly InputRoot[] = [],
): Script {
  const { plan } = sampleJob;
  if (sampleJob.inputs.corpus === 'log')
    throw fail('unsupported', message('An extract cannot hold the items of the whole log'), {
      advice: message('Name a table of items in data.items.'),
    });
  const job: SparkJob = {
    ...sampleJob,
    // Shortfalls do not end the job, and no result is written.
    plan: { ...plan, onShortfall: plan.onShortfall === 'fail' ? 'keep' : plan.onShortfall },
    layout: 'long',
    placement: plainPlacement,
  };
  const begun = beginScript(job);
  const { script, sources, log } = begun;
  const folders: ExtractedFolder[] = [];
  const write: WriteFolder = (folder, rows, digestColumns, ...about) => {
    const step = script.extract(`extract_${folder}`, folder, 'parquet', rows, ...about);
    folders.push({ folder, step, digestColumns });
    return step;
  };
  const pools = addPools(begun, job, write);
  addPositiveCounts(begun, job, write);
  addRawRows(script, sources, job, new RawRows(sources, job, columns), pools, write);
  const names = sources.clicks.map(({ table }) => table.name);
  script.section('Manifest');
  script.extract(
    manifestFolder,
    manifestFolder,
    'json',
    manifestRows(
      [
        ['extract', 'version', extractVersion],
        ...facts,
        ...(job.users ?? []).map((user): CountFact => ['user', user, '']),
        ...sources.names.map((name): CountFact => ['dataset', name, datasetFolder(name, names)]),
      ],
      folders,
      log,
    ),
    'Written last: a folder without it is not complete.',
  );
  script.keepNeeded();
  addInputs(script, sources, roots);
  // An older manifest must not describe the rows of this run.
  script.first('Extract', {
    kind: 'extract',
    name: `${manifestFolder}_none`,
    folder: manifestFolder,
    format: 'json',
    about: ['Until all rows are written, the folder is not complete.'],
    rows: select(
      [
        ['kind', text('')],
        ['name', text('')],
        ['value', text('')],
      ],
      select([['one', int(1)]], null),
      { where: [bool(false)] },
    ),
  });
  return script;
}

type Begun = ReturnType<typeof beginScript>;
/** Adds a step that writes rows into a folder, and returns its name. `digestColumns`: see `ExtractedFolder`. */
type WriteFolder<F = string> = (
  folder: F,
  rows: Relation,
  digestColumns: readonly string[],
  ...about: string[]
) => string;

/** True if the extract must contain the draws of the job, because `as of` columns depend on the drawn items. */
export function drawsInExtract({ inputs }: Pick<SparkJob, 'inputs'>): boolean {
  return inputs.passed.some(isAsOf);
}

/** Adds the pools with their weights. @returns the name of their step; null without pools */
function addPools(begun: Begun, job: SparkJob, write: WriteFolder<CountFolder>): string | null {
  const { script, sources, log, corpus, conditions } = begun;
  const { plan } = job;
  const isDrawn = drawsInExtract(job);
  if (plan.unit === 'impression') {
    if (isDrawn) addImpressionUnit(script, sources, job, log);
    return null;
  }
  if (isDrawn || needsGroups(job))
    if (plan.unit === 'request') addRequestGroups(script, sources, job, log);
    else addPositiveGroups(script, sources, job, log);
  if (isDrawn) addDrawnUnit(script, sources, job, log, corpus, conditions);
  const names = stepNames(plan.entries);
  const pools: Relation[] = [];
  const userValues: Relation[] = [];
  plan.entries.forEach(({ draws, name: label, source }, index) => {
    const name = names[index] ?? '';
    if (draws.kind === 'list') return;
    if (!isDrawn) script.section(`Entry ${label}: ${source}`);
    const condition = conditions[index] ?? null;
    const hasOwn = plan.unit === 'positive';
    const entry = { name, index, label, plan: draws, corpus, groups: 'groups', condition, hasOwn };
    const items = isDrawn ? select([{ all: null }], `${name}__pool`) : poolItems(script, sources, job, log, entry);
    const isByUser = groupedBy({ draws }).length > 0;
    const where = ofChosenUsers(job, sources, col('user'));
    const chosenValues = select(['value'], `${name}__users`, { where });
    // The pool of users without a value has the value ''.
    const neededValues = unionDistinct(chosenValues, select([['value', text('')]], null));
    const isOnlyChosen = isByUser && dailyCount({ draws }) === null;
    const hasValue = partitionOf(entry).length > 0 && draws.partition?.by !== 'positive';
    pools.push(
      select(
        [
          ['entry', int(index)],
          ['value', hasValue ? col('value', 'p') : text('')],
          ['item', col('item', 'p')],
          ['weight', col('weight', 'p')],
        ],
        from(items, 'p'),
        { joins: isOnlyChosen ? [join('semi', neededValues, 'v', equal('v', 'p', ['value']))] : [] },
      ),
    );
    if (isByUser) userValues.push(select([['entry', int(index)], 'user', 'value'], `${name}__users`, { where }));
  });
  if (pools.length === 0) return null;
  script.section('Pools');
  if (userValues.length > 0)
    write('pool_users', unionAll(...userValues), ['entry', 'user', 'value'], 'The values of group_by of the users.');
  return write(
    'pools',
    unionAll(...pools),
    ['entry', 'value', 'item', 'weight'],
    'The items of each pool with their integer weights; value: its table, for those that depend on the user or the day.',
  );
}

/** True if counts depend on groups or positives: daily counts, counts of hot items, or of batches. */
function needsGroups({ plan }: SparkJob): boolean {
  return (
    plan.entries.some((entry) => dailyCount(entry) !== null) ||
    plan.positives.hotThreshold !== null ||
    needsBatches(plan)
  );
}

function needsBatches({ logq, inBatch }: SparkJob['plan']): boolean {
  return logq !== undefined && inBatch !== null;
}

/** Adds the number of positives by item: for `downsample_hot`, and for the batches of the trainer. */
function addPositiveCounts({ script, sources, log }: Begun, job: SparkJob, write: WriteFolder<CountFolder>): void {
  const { plan } = job;
  const countsOf = (rows: string): Relation =>
    select(['item', ['positives', countRows]], rows, { groupBy: [col('item')] });
  const columns = ['item', 'positives'];
  if (plan.unit === 'impression') return;
  if (plan.unit === 'positive' && plan.positives.hotThreshold !== null) {
    script.section('Hot items');
    write('training_positives', countsOf('training_positives'), columns, 'Positives of the training window by item.');
  }
  if (!needsBatches(plan)) return;
  const counts = drawsInExtract(job)
    ? select(columns, 'batch_items')
    : countsOf(batchPositives(script, sources, job, log));
  script.section('Batches');
  write('batch_items', counts, columns, 'Positives of the batches by item.');
}

/** Adds the rows of the users in each data set, and the rows of their items in `data.items`. */
function addRawRows(
  script: Script,
  sources: Sources,
  job: SparkJob,
  raw: RawRows,
  pools: string | null,
  write: WriteFolder,
): void {
  script.section('Rows of the users');
  const log = sources.required('impressions');
  const userRows = raw.ofUsers(log);
  const hasOtherUsers = drawsInExtract(job);
  const where = [sql`${col('shown')} IS NOT NULL`];
  const otherItems = select(['item', ['t', col('shown')]], 'as_of_times', { distinct: true, where });
  const impressions = hasOtherUsers ? unionAll(userRows, raw.ofOthers(log, otherItems)) : userRows;
  const ids: Relation[] = [];
  const keepIds = (source: ReturnType<Sources['required']>, step: string): void => {
    if (source.hasRole('item')) ids.push(select([['item', source.id('item')]], step));
  };
  keepIds(
    log,
    write(
      'impressions',
      impressions,
      [],
      hasOtherUsers
        ? 'The impressions of the users, and those of others from which drawn items take their newest values.'
        : 'The impressions of the users.',
    ),
  );
  const names = sources.clicks.map(({ table }) => table.name);
  for (const { source } of sources.clicks)
    keepIds(source, write(datasetFolder(source.name, names), raw.ofUsers(source), [], `data.${source.name}`));
  const candidates = sources.get('candidates');
  if (candidates) keepIds(candidates, write('candidates', raw.candidates(candidates), [], 'data.candidates'));
  const rejections = sources.get('rejections');
  if (rejections) keepIds(rejections, write('rejections', raw.ofUsers(rejections), [], 'data.rejections'));
  const users = sources.get('users');
  if (users) write('users', raw.ofUsers(users), [], 'data.users');
  const items = sources.get('items');
  if (!items) return;
  const neededItems = unionDistinct(...ids, ...(pools === null ? [] : [select(['item'], pools)]));
  write('items', raw.ofItems(items, neededItems), [], 'data.items: the items of the pools and of the rows above.');
}

/** A folder of an extract, whose rows the manifest counts. */
interface ExtractedFolder {
  readonly folder: string;
  /** Name of the step that wrote it. */
  readonly step: string;
  /** Columns whose values the manifest digests; if empty, the manifest only counts the rows. */
  readonly digestColumns: readonly string[];
}

/** Rows `kind`, `name`, `value` of the manifest: `facts`, and the counts and digests of the folders. */
function manifestRows(facts: readonly CountFact[], folders: readonly ExtractedFolder[], log: Log): Relation {
  const fact = (kind: string, name: string, value: Expression): Relation =>
    select(
      [
        ['kind', text(kind)],
        ['name', text(name)],
        ['value', value],
      ],
      null,
    );
  const textOf = (relation: Relation): Expression => cast(valueOf(relation), 'STRING');
  return unionAll(
    {
      kind: 'values',
      columns: ['kind', 'name', 'value'],
      rows: facts.map((values) => values.map((value) => text(value))),
    },
    fact('time', 'newest', textOf(select([['newest', fn('max', col('t'))]], 'log'))),
    fact('time', 'known_until', cast(log.ends.knownUntil, 'STRING')),
    ...folders.map(({ folder, step }) => fact('rows', folder, textOf(select([['rows', countRows]], step)))),
    ...folders.flatMap(({ folder, step, digestColumns }) =>
      digestColumns.length === 0
        ? []
        : [fact('digest', folder, textOf(select([['digest', digestOf(digestColumns)]], step)))],
    ),
  );
}

/** Digest that does not depend on the order of rows: the sum of the first 32 bits of the MD5 of each row's values. */
function digestOf(columns: readonly string[]): Expression {
  const values = columns.map((name) => cast(col(name), 'STRING'));
  const word = call('hexWord', fn('md5', joinedTexts(values)), int(1));
  return fn('coalesce', sum(word), sql`${int(0)}`);
}
