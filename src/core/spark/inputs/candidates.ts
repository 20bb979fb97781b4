import type { StagePlan } from '../../sampling/plan/stagePlan.ts';
import { cast, col, concatenated, fn, sql, text } from '../../relation/expression.ts';
import { type Columns, columnsFrom, from, join, select } from '../../relation/relation.ts';
import type { Script } from '../script.ts';
import type { Source } from './source.ts';
import type { Sources } from './sources.ts';

/** Columns of the candidates that a plan draws by, besides user, request and item. */
type Role = 'time' | 'channel' | 'rank' | 'score' | 'teacher' | 'reached';

function rolesOf({ unit, entries, teacher }: StagePlan): ReadonlySet<Role> {
  const roles = new Set<Role>(unit === 'request' ? ['time'] : []);
  for (const { draws } of entries) {
    if (draws.kind !== 'list' || draws.rows.of !== 'candidates') continue;
    const { keep } = draws.rows;
    roles.add(keep.by);
    if (draws.byChannel || (keep.by === 'rank' && keep.channel !== null)) roles.add('channel');
  }
  if (teacher?.from === 'candidates') roles.add(teacher.column as Role);
  return roles;
}

/**
 * The step `candidates`: the valid candidates with `user`, `request`, `request_key`, `item`, and the columns that the
 * plan draws by. NaN is NULL; texts are never NULL.
 */
export function addCandidates(script: Script, sources: Sources, plan: StagePlan): void {
  if (!sources.drawsCandidates) return;
  const source = sources.required('candidates');
  const roles = rolesOf(plan);
  const hasUser = source.has('user');
  const drawn: Columns = [...roles].flatMap((role): Columns => valueOf(source, role));
  const names = ['request', 'item', ...drawn.map((one) => (typeof one === 'string' || 'all' in one ? '' : one[0]))];
  script.section('Candidates');
  const rows = select(
    [
      ...(hasUser ? [['user', source.id('user')] as const] : []),
      ['request', source.id('request')],
      ['item', source.id('item')],
      ...drawn,
    ],
    source.view,
    { where: source.filter() },
  );
  const valid = ['item', 'request', ...(hasUser ? ['user'] : [])].map((column) => sql`${col(column, 'c')} IS NOT NULL`);
  const owners = select(['user', 'request'], 'log', { distinct: true, where: [sql`${col('request')} IS NOT NULL`] });
  script.table(
    'candidates',
    select(
      [
        ['user', col('user', hasUser ? 'c' : 'o')],
        ['request_key', concatenated(text('#'), cast(col('request', 'c'), 'STRING'))],
        ...columnsFrom(names, 'c'),
      ],
      from(rows, 'c'),
      {
        joins: hasUser ? [] : [join('inner', owners, 'o', sql`${col('request', 'o')} = ${col('request', 'c')}`)],
        where: valid,
      },
    ),
    hasUser
      ? 'Valid candidates. NaN counts as NULL.'
      : 'Valid candidates. They belong to the users whose impressions have their request. NaN counts as NULL.',
  );
}

function valueOf(source: Source, role: Role): Columns {
  switch (role) {
    case 'time':
      return source.has(role) ? [['t', source.time(role)]] : [];
    case 'channel':
    case 'reached':
      return [[role, source.has(role) ? fn('coalesce', source.text(role), text('')) : text('')]];
    default:
      return [[role, source.number(source.role(role).name)]];
  }
}

/** True if the candidates of a job have times. */
export function haveTimes(sources: Sources): boolean {
  return sources.drawsCandidates && sources.required('candidates').has('time');
}
