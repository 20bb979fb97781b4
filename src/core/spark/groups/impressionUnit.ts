import { isAsOf } from '../../data/passThrough.ts';
import { isPlaced } from '../../sampling/placement.ts';
import { cast, col, double, fn, int, not, nothing, or, sql, text, when } from '../../relation/expression.ts';
import { type Columns, columnsFrom, from, select } from '../../relation/relation.ts';
import { ofChosenUsers } from '../inputs/chosenUsers.ts';
import { firstDraw, unit53, withWords } from '../hash.ts';
import { addAsOf } from '../output/asOf.ts';
import { exposureGrouping, groupIdOf } from '../output/grouping.ts';
import { copiedLogColumn, keyOf, matureOf, needsTies, seenOf, weightOf, type Log } from '../inputs/log.ts';
import { itemOf, requestOf, timeOf, userOf } from '../output/ids.ts';
import { addOutput } from '../output/output.ts';
import { outcomeFlags, outcomeOutput, shownAt } from '../inputs/outcomes.ts';
import { addReadTimes, needsReadTimes, readTime } from './readTimes.ts';
import { addSequences } from '../sequences/lists.ts';
import type { Script } from '../script.ts';
import type { SparkJob } from '../sparkJob.ts';
import type { Sources } from '../inputs/sources.ts';
import { addTeacher } from '../output/teacher.ts';
import type { Expression } from '../../relation/tree.ts';

/** Steps of the unit impression: every exposure is a row with its own label. */
export function addImpressionUnit(script: Script, sources: Sources, job: SparkJob, log: Log): void {
  const { plan, inputs } = job;
  const { exposures } = plan;
  if (!exposures) throw new Error('the plan has no exposures');
  const source = sources.required('impressions');
  const copies = [
    ...new Set(
      inputs.passed
        .filter((one) => one.from === 'impressions' && !isAsOf(one))
        .map((one) => copiedLogColumn(one.column)),
    ),
  ];
  const flags = outcomeFlags(plan);
  const labelled = flags.length === 0 ? [] : [...flags, shownAt];
  // Words of keys order the rows, and are the ids of their groups.
  const needsWords = job.placement.groupId || isPlaced(job.placement);
  const ties = needsTies(job) ? log.pickNames : [];
  const read = [
    'user',
    'item',
    't',
    'request',
    'position',
    'positive',
    ...(plan.teacher?.from === 'impressions' ? ['teacher'] : []),
    ...(plan.teacher?.from === 'candidates' || needsReadTimes(job) ? ['request_key'] : []),
    ...copies,
    ...labelled,
  ];
  const kept = [...new Set([...read, ...ties])];
  const grouping = exposureGrouping(ties);
  const seen = seenOf(exposures.seen);
  script.section('Exposures');
  const isPositive = sql`${col('positive')} IS NOT NULL`;
  script.view(
    'exposures',
    select(columnsFrom(kept, 'l'), from('log', 'l'), {
      joins: seen.joins,
      where: [
        ...log.ends.inSplit(col('t', 'l')),
        ...(plan.positives.unknown ? [or(sql`${col('positive', 'l')} IS NOT NULL`, not(col('unknown', 'l')))] : []),
        ...(exposures.seen === 'all' ? [] : [or(sql`${col('positive', 'l')} IS NOT NULL`, seen.condition)]),
        ...matureOf(exposures.matureAfter, log.ends, col('t', 'l')),
        ...ofChosenUsers(job, sources, col('user', 'l')),
      ],
    }),
    'Exposures of the split that count as seen and are mature. docs/sampling.md: Groups, impression.',
  );
  let rows = 'exposures';
  const words = needsWords ? ['k0', 'k1'] : [];
  if (needsWords || exposures.downsample !== null) {
    const key = keyOf([
      { value: col('user'), textSource: source.textOf('user') },
      { value: col('item'), textSource: source.textOf('item') },
      { value: col('t'), textSource: null },
      { value: col('request'), textSource: source.textOf('request') },
      { value: col('position'), textSource: null },
    ]);
    const keyed = withWords(kept, key, ['k0', 'k1'], 'exposures');
    if (exposures.downsample === null)
      rows = script.view('exposure_words', keyed, 'The key of an exposure, as its two words.');
    else {
      script.view(
        'exposure_draws',
        select([...kept, ...words, ...firstDraw(plan, '@downsample')], keyed, {
          computed: [...kept, ...words, 'a', 'b'],
        }),
        'The key of an exposure, its two words, and its draw for the salt @downsample.',
      );
      rows = script.view(
        'kept_exposures',
        select([...kept, ...words], 'exposure_draws', {
          where: [or(isPositive, sql`${unit53} < ${double(exposures.downsample)}`)],
        }),
        'downsample: a share of the exposures without a positive event.',
      );
    }
  }
  const teaching = addTeacher(script, plan, log, (name) => col(name, 'r'));
  const readTimes = addReadTimes(script, sources, job, log, 'l');
  if (readTimes.columns.length > 0)
    rows = script.view(
      'read_exposures',
      select([{ all: 'l' }, ...readTimes.columns], from(rows, 'l'), { joins: readTimes.joins }),
      'The exposures, and the read time of each.',
    );
  addAsOf(script, job, log, select(['item', ['t', col(readTime)]], rows));
  addSequences(script, sources, job, log, { rows: select(['user', readTime], rows), written: rows });
  const isNegative = sql`${col('positive', 'r')} IS NULL`;
  const negativeText = (value: string): Expression => when([[isNegative, text(value)]], nothing('STRING'));
  const weight = exposures.calibration === 'weight' && exposures.downsample !== null ? 1 / exposures.downsample : 1;
  const columns: Columns = [...kept, ...words, ...readTimes.columns.map(([name]) => name)];
  addOutput(script, sources, job, {
    rows: select(columns, rows),
    joins: teaching?.joins ?? [],
    roles: [
      ['user', userOf(sources, col('user', 'r'))],
      ['item', itemOf(sources, col('item', 'r'))],
      ['label', cast(when([[isNegative, int(0)]], int(1)), 'TINYINT')],
      ['source', negativeText('exposed_unclicked')],
      ['entry', negativeText(exposures.entry)],
      ...(source.hasRole('request') ? [['request', requestOf(sources, col('request', 'r'))] as const] : []),
      ['time', timeOf(source, col('t', 'r'))],
      ...(job.placement.groupId ? [['group_id', groupIdOf(plan, grouping)] as const] : []),
      ...(source.hasRole('position') ? [['position', col('position', 'r')] as const] : []),
      ['weight', fn('coalesce', weightOf(plan, col('positive', 'r'), double), double(weight))],
      ...(teaching ? [['teacher', teaching.value(col('teacher', 'r'))] as const] : []),
    ],
    outcomes: outcomeOutput(plan, log.ends.knownUntil, {
      exposureColumn: (name) => col(name, 'r'),
      hasNone: null,
      time: null,
      label: when([[isNegative, int(0)]], int(1)),
      weight: weightOf(plan, col('positive', 'r'), double),
    }),
    time: col('t', 'r'),
    readTime: col(readTime, 'r'),
    request: col('request', 'r'),
    grouping,
    ofLog: ({ column }) => col(copiedLogColumn(column), 'r'),
    about: ['One row for each exposure. docs/sampling.md: Groups, impression.'],
  });
}
