import type { StagePlan } from '../../sampling/plan/stagePlan.ts';
import { candidatesHaveTime } from '../inputs/candidates.ts';
import { ofChosenUsers } from '../inputs/chosenUsers.ts';
import { exposureColumns } from '../output/ownExposures.ts';
import { addGroupSteps, allPositives, contextCopies, groupKey } from './groups.ts';
import { addReadTimes } from './readTimes.ts';
import { withWords } from '../hash.ts';
import { keyOf, weightOf, type Log } from '../inputs/log.ts';
import { outcomeFlags } from '../inputs/outcomes.ts';
import { asc, col, double, fn, int, nothing, over, sql, when } from '../../relation/expression.ts';
import { cols, columnsFrom, equal, from, join, select } from '../../relation/relation.ts';
import type { Script } from '../script.ts';
import type { SparkJob } from '../sparkJob.ts';
import type { Sources } from '../inputs/sources.ts';
import type { Expression, Join, Relation } from '../../relation/tree.ts';

/**
 * Steps of the groups of the unit request: `groups`, and `group_positives` with the weight of each positive. The
 * requests are those of the candidates, or of the impressions without candidates.
 */
export function addRequestGroups(script: Script, sources: Sources, job: SparkJob, log: Log): void {
  const { plan } = job;
  script.section('Groups');
  addRequests(script, sources, log);
  const source = sources.required('impressions');
  const ofRequest = source.hasRole('request')
    ? source
    : sources.drawsCandidates
      ? sources.required('candidates')
      : null;
  const byRequest = keyOf([{ value: col('request'), textSource: ofRequest?.textOf('request') ?? null }]);
  const byTime = keyOf([
    { value: col('user'), textSource: source.textOf('user') },
    { value: col('t'), textSource: null },
  ]);
  const copies = contextCopies(job);
  const kept = ['user', 'request', 'request_key', 't', ...copies];
  const rows = select(
    [...columnsFrom(['user', 'request', 'request_key', 't'], 'q'), ...columnsFrom(copies, 'x')],
    from('requests', 'q'),
    {
      joins: copies.length === 0 ? [] : [earliestRows(log, copies)],
      where: ofChosenUsers(job, sources, col('user', 'q')),
    },
  );
  script.view(
    'keyed_requests',
    withWords(
      [...kept, ['item', nothing(source.isInteger('item') ? 'BIGINT' : 'STRING')]],
      when([[sql`${col('request')} IS NULL`, byTime]], byRequest),
      ['k0', 'k1'],
      rows,
    ),
    'The requests with the two words of their keys.',
  );
  const columns = ['user', 'k0', 'k1', 't', 'item', 'request', 'request_key', ...copies];
  addGroupSteps(script, plan, columns, 'keyed_requests', {
    counted: 'requests',
    readTimes: addReadTimes(script, sources, job, log, 'g'),
  });
  if (job.users !== null && plan.logq !== undefined && plan.inBatch !== null && !plan.trainPositives)
    script.view(
      allPositives,
      select(['item'], select([...requestItem], requestPositives(), { distinct: true })),
      'The positives of all users.',
    );
  addPositives(script, plan, log, exposureColumns(job));
}

/** The step `requests`: user, request and time of each request of the split. */
function addRequests(script: Script, sources: Sources, log: Log): void {
  const { ends } = log;
  const shown = select(
    ['user', 'request_key', ['request', fn('min', col('request'))], ['t', fn('min', col('t'))]],
    'log',
    { where: ends.exists(col('t')), groupBy: [col('user'), col('request_key')] },
  );
  if (!sources.drawsCandidates) {
    script.table(
      'requests',
      select(['user', 'request', 'request_key', 't'], shown, { where: ends.inSplit(col('t')) }),
      'The requests of the impressions, with their earliest time. docs/sampling.md: Groups, request.',
    );
    return;
  }
  const own = select(
    ['user', 'request', 'request_key', ['t', candidatesHaveTime(sources) ? fn('min', col('t')) : nothing('BIGINT')]],
    'candidates',
    { groupBy: [col('user'), col('request'), col('request_key')] },
  );
  const timed = select(
    [...columnsFrom(['user', 'request', 'request_key'], 'c'), ['t', fn('coalesce', col('t', 'c'), col('t', 's'))]],
    from(own, 'c'),
    { joins: [join('left', shown, 's', sameRequest('s', 'c'))] },
  );
  script.table(
    'requests',
    select(['user', 'request', 'request_key', 't'], timed, {
      where: [sql`${col('t')} IS NOT NULL`, ...ends.inSplit(col('t'))],
    }),
    'The requests of the candidates. Their time is the earliest of their candidates, else of their impressions.',
    'docs/sampling.md: Groups, request.',
  );
}

/** Join with the earliest impression of each request: its copied columns. */
function earliestRows({ ends, pick }: Log, copies: readonly string[]): Join {
  const place = over(fn('row_number'), {
    partition: [col('user'), col('request_key')],
    order: [asc(col('t')), ...pick.map((value) => asc(value))],
  });
  const ranked = select(['user', 'request_key', ...copies, ['place', place]], 'log', {
    where: ends.exists(col('t')),
  });
  const earliest = select(['user', 'request_key', ...copies], ranked, {
    where: [sql`${col('place')} = ${int(1)}`],
  });
  return join('left', earliest, 'x', sameRequest('x', 'q'));
}

/** The step `group_positives`: the distinct items of each request with an event, each with its heaviest one. */
function addPositives(script: Script, plan: StagePlan, { pick, ends }: Log, exposed: readonly string[]): void {
  const place = over(fn('row_number'), {
    partition: cols([...groupKey, 'item']),
    order: [asc(col('positive')), asc(col('shown')), ...pick.map((value) => asc(value))],
  });
  const picked = pick.flatMap((value) => (value.kind === 'name' ? [value.name] : []));
  const columns = [...new Set(['item', 'positive', ...picked, ...exposed])];
  // A positive has the events of every exposure of its item in the request.
  const flags = outcomeFlags(plan);
  const inRequest = [...requestItem];
  const held = select([...inRequest, ...flags.map((one) => [one, fn('bool_or', col(one))] as const)], 'log', {
    where: ends.exists(col('t')),
    groupBy: cols(inRequest),
  });
  const merged = flags.length === 0 ? [] : [join('inner', held, 'o', equal('o', 'l', inRequest))];
  const shown = select(
    [
      ...columnsFrom([...groupKey, 't'], 'g'),
      ...columns.map((column) => [column, col(column, flags.includes(column) ? 'o' : 'l')] as const),
      ['shown', col('t', 'l')],
    ],
    from('groups', 'g'),
    {
      joins: [join('inner', 'log', 'l', sameRequest('l', 'g')), ...merged],
      where: [sql`${col('positive', 'l')} IS NOT NULL`],
    },
  );
  const ranked = select([...groupKey, 't', 'item', 'positive', ...exposed, ['place', place]], shown);
  script.table(
    'group_positives',
    select(
      [
        ...groupKey,
        't',
        'item',
        ['keep', nothing('DOUBLE')],
        ['weight', weightOf(plan, col('positive'), double)],
        ...exposed,
      ],
      ranked,
      { where: [sql`${col('place')} = ${int(1)}`] },
    ),
    'The positives of the groups: each item once, with its heaviest event.',
  );
}

const requestItem = ['user', 'request_key', 'item'] as const;

/** The impressions with an event, of the requests of all users. */
function requestPositives(): Relation {
  return select(columnsFrom(requestItem, 'l'), from('log', 'l'), {
    joins: [join('semi', 'requests', 'q', sameRequest('q', 'l'))],
    where: [sql`${col('positive', 'l')} IS NOT NULL`],
  });
}

function sameRequest(a: string, b: string): Expression {
  return equal(a, b, ['user', 'request_key']);
}
