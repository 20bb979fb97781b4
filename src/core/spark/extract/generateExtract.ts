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
import { addPositiveGroups } from '../groups/groups.ts';
import { addImpressionUnit } from '../groups/impressionUnit.ts';
import { addRequestGroups } from '../groups/requestUnit.ts';
import { ofChosenUsers } from '../inputs/chosenUsers.ts';
import type { InputRoot, Sources } from '../inputs/sources.ts';
import type { CountFact } from '../lock/countFacts.ts';
import type { Script } from '../script.ts';
import type { SparkJob } from '../sparkJob.ts';
import {
  bool,
  col,
  countRows,
  int,
  sql,
  text,
  call,
  cast,
  concatenated,
  fn,
  sum,
  valueOf,
} from '../../relation/expression.ts';
import { from, join, select, unionAll, unionDistinct } from '../../relation/relation.ts';
import type { Relation, Expression } from '../../relation/tree.ts';
import { datasetFolder, extractVersion, manifestFolder, type CountFolder } from './extractFormat.ts';
import { RawRows } from './rawRows.ts';
import type { Log } from '../inputs/log.ts';

/** What an extract holds besides what the job needs. */
export interface ExtractContent {
  /** Columns of each data set that the config names. */
  readonly columns: ReadonlyMap<string, readonly string[]>;
  /** What is known of the extract before the job runs. */
  readonly facts: readonly CountFact[];
}

/**
 * The statements that write an extract: the rows of the users of the job, and what their draws take from the whole
 * data. A preview of the extract draws what the job draws for these users.
 * @throws FailureError as `generateScript`
 */
export function generateExtract(
  asked: SparkJob,
  { columns, facts }: ExtractContent,
  roots: readonly InputRoot[] = [],
): Script {
  const { plan } = asked;
  if (asked.inputs.corpus === 'log')
    throw fail('unsupported', message('An extract cannot hold the items of the whole log'), {
      advice: message('Name a table of items in data.items.'),
    });
  const job: SparkJob = {
    ...asked,
    // Shortfalls do not end the job, and no result is written.
    plan: { ...plan, onShortfall: plan.onShortfall === 'fail' ? 'keep' : plan.onShortfall },
    layout: 'long',
    placement: plainPlacement,
  };
  const begun = beginScript(job);
  const { script, sources, log } = begun;
  const folders: ExtractedFolder[] = [];
  const write = (folder: string, rows: Relation, digested: readonly string[], ...about: string[]): string => {
    const step = script.extract(`extract_${folder}`, folder, 'parquet', rows, ...about);
    folders.push({ folder, step, digested });
    return step;
  };
  const count = (folder: CountFolder, rows: Relation, digested: readonly string[], about: string): string =>
    write(folder, rows, digested, about);
  const pools = addPools(begun, job, count);
  addPositiveCounts(begun, job, count);
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
type WriteCounts = (folder: CountFolder, rows: Relation, digested: readonly string[], about: string) => string;

/** True if the extract needs the draws themselves, because copied columns depend on which items they are. */
export function drawsInExtract({ inputs }: Pick<SparkJob, 'inputs'>): boolean {
  return inputs.passed.some(isAsOf);
}

/** The pools with their weights. @returns the step with them; null without pools */
function addPools(begun: Begun, job: SparkJob, write: WriteCounts): string | null {
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
  const owners: Relation[] = [];
  plan.entries.forEach(({ draws, name: label, source }, index) => {
    const name = names[index] ?? '';
    if (draws.kind === 'list') return;
    if (!isDrawn) script.section(`Entry ${label}: ${source}`);
    const condition = conditions[index] ?? null;
    const hasOwn = plan.unit === 'positive';
    const entry = { name, index, label, plan: draws, corpus, groups: 'groups', condition, hasOwn };
    const items = isDrawn ? select([{ all: null }], `${name}__pool`) : poolItems(script, sources, job, log, entry);
    const isByUser = groupedBy({ draws }).length > 0;
    const own = select(['value'], `${name}__users`, { where: ofChosenUsers(job, sources, col('user')) });
    const isOfValue = partitionOf(entry).length > 0 && draws.partition?.by !== 'positive';
    const needed =
      isByUser && dailyCount({ draws }) === null
        ? [
            join(
              'semi',
              unionDistinct(own, select([['value', text('')]], null)),
              'v',
              sql`${col('value', 'v')} = ${col('value', 'p')}`,
            ),
          ]
        : [];
    pools.push(
      select(
        [
          ['entry', int(index)],
          ['value', isOfValue ? col('value', 'p') : text('')],
          ['item', col('item', 'p')],
          ['weight', col('weight', 'p')],
        ],
        from(items, 'p'),
        { joins: needed },
      ),
    );
    if (isByUser)
      owners.push(
        select([['entry', int(index)], 'user', 'value'], `${name}__users`, {
          where: ofChosenUsers(job, sources, col('user')),
        }),
      );
  });
  if (pools.length === 0) return null;
  script.section('Pools');
  if (owners.length > 0)
    write('pool_users', unionAll(...owners), ['entry', 'user', 'value'], 'The values of group_by of the users.');
  return write(
    'pools',
    unionAll(...pools),
    ['entry', 'value', 'item', 'weight'],
    'The items of each pool with their integer weights; value: its table, for those that depend on the user or the day.',
  );
}

/** True if counts depend on the groups or positives: of the days of the users, of hot items, or of batches. */
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

/** Counts of positives: how hot items are, and what the batches of the trainer consist of. */
function addPositiveCounts({ script, sources, log }: Begun, job: SparkJob, write: WriteCounts): void {
  const { plan } = job;
  const counted = (rows: string): Relation =>
    select(['item', ['positives', countRows]], rows, { groupBy: [col('item')] });
  const columns = ['item', 'positives'];
  if (plan.unit === 'impression') return;
  if (plan.unit === 'positive' && plan.positives.hotThreshold !== null) {
    script.section('Hot items');
    write('training_positives', counted('training_positives'), columns, 'Positives of the training window by item.');
  }
  if (!needsBatches(plan)) return;
  if (drawsInExtract(job)) {
    script.section('Batches');
    write('batch_items', select(columns, 'batch_items'), columns, 'Positives of the batches by item.');
    return;
  }
  const rows = batchPositives(script, sources, job, log);
  script.section('Batches');
  write('batch_items', counted(rows), columns, 'Positives of the batches by item.');
}

/** The rows of the users in each data set, and the rows of the items that they need. */
function addRawRows(
  script: Script,
  sources: Sources,
  job: SparkJob,
  raw: RawRows,
  pools: string | null,
  write: (folder: string, rows: Relation, digested: readonly string[], ...about: string[]) => string,
): void {
  script.section('Rows of the users');
  const log = sources.required('impressions');
  const own = raw.ofUsers(log);
  const isAsOfTime = drawsInExtract(job);
  const shown = isAsOfTime
    ? unionAll(
        own,
        raw.ofOthers(
          log,
          select(['item', ['t', col('shown')]], 'as_of_times', {
            distinct: true,
            where: [sql`${col('shown')} IS NOT NULL`],
          }),
        ),
      )
    : own;
  const ids: Relation[] = [];
  const keepIds = (source: ReturnType<Sources['required']>, step: string): void => {
    if (source.has('item')) ids.push(select([['item', source.id('item')]], step));
  };
  keepIds(
    log,
    write(
      'impressions',
      shown,
      [],
      isAsOfTime
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
  const wanted = unionDistinct(...ids, ...(pools === null ? [] : [select(['item'], pools)]));
  write('items', raw.ofItems(items, wanted), [], 'data.items: the items of the pools and of the rows above.');
}

/** A folder of an extract, whose rows the manifest counts. */
interface ExtractedFolder {
  readonly folder: string;
  /** Name of the step that wrote it. */
  readonly step: string;
  /** Columns whose values the manifest digests; without any, only the rows are counted. */
  readonly digested: readonly string[];
}

/** Rows of `kind`, `name` and `value`: what is known before the job runs, and what it counted. */
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
  const of = (relation: Relation): Expression => valueOf(relation);
  return unionAll(
    { kind: 'values', columns: ['kind', 'name', 'value'], rows: facts.map((one) => one.map((value) => text(value))) },
    fact('time', 'newest', cast(of(select([['newest', fn('max', col('t'))]], 'log')), 'STRING')),
    fact('time', 'known_until', cast(log.ends.knownUntil, 'STRING')),
    ...folders.map(({ folder, step }) => fact('rows', folder, cast(of(select([['rows', countRows]], step)), 'STRING'))),
    ...folders.flatMap(({ folder, step, digested }) =>
      digested.length === 0
        ? []
        : [fact('digest', folder, cast(of(select([['digest', digestOf(digested)]], step)), 'STRING'))],
    ),
  );
}

/** A sum over all rows, in any order: the first word of the MD5 of their values, joined by U+001F. */
function digestOf(columns: readonly string[]): Expression {
  const values = columns.flatMap((name, k) => {
    const value = cast(col(name), 'STRING');
    return k === 0 ? [value] : [text('\u001f'), value];
  });
  const word = call('hexWord', fn('md5', concatenated(...values)), int(1));
  return fn('coalesce', sum(word), sql`${int(0)}`);
}
