import type { StagePlan } from '../../sampling/plan/stagePlan.ts';
import { cast, col, concatenated, fn, sql, text } from '../../relation/expression.ts';
import { columnsFrom, from, join, select } from '../../relation/relation.ts';
import type { Script } from '../script.ts';
import type { Source } from './source.ts';
import type { Sources } from './sources.ts';
import type { Expression } from '../../relation/tree.ts';

/** Optional candidate columns that a plan needs, in addition to user, request and item. */
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
 * plan needs. NaN becomes NULL, a missing text becomes ''.
 */
export function addCandidates(script: Script, sources: Sources, plan: StagePlan): void {
  if (!sources.drawsCandidates) return;
  const source = sources.required('candidates');
  const roles = rolesOf(plan);
  const hasUser = source.hasRole('user');
  const roleColumns = [...roles].flatMap((role) => valueOf(source, role));
  const names = ['request', 'item', ...roleColumns.map(([name]) => name)];
  script.section('Candidates');
  const rows = select(
    [
      ...(hasUser ? [['user', source.id('user')] as const] : []),
      ['request', source.id('request')],
      ['item', source.id('item')],
      ...roleColumns,
    ],
    source.view,
    { where: source.filter() },
  );
  const valid = ['item', 'request', ...(hasUser ? ['user'] : [])].map((column) => sql`${col(column, 'c')} IS NOT NULL`);
  const requestUsers = select(['user', 'request'], 'log', {
    distinct: true,
    where: [sql`${col('request')} IS NOT NULL`],
  });
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
        joins: hasUser ? [] : [join('inner', requestUsers, 'o', sql`${col('request', 'o')} = ${col('request', 'c')}`)],
        where: valid,
      },
    ),
    hasUser
      ? 'Valid candidates. NaN counts as NULL.'
      : 'Valid candidates. They belong to the users whose impressions have their request. NaN counts as NULL.',
  );
}

/**
 * The column of a role, under its name; times are `t` in all steps. Empty for a time that the candidates do not have.
 */
function valueOf(source: Source, role: Role): readonly (readonly [name: string, value: Expression])[] {
  switch (role) {
    case 'time':
      return source.hasRole(role) ? [['t', source.time(role)]] : [];
    case 'channel':
    case 'reached':
      return [[role, source.hasRole(role) ? fn('coalesce', source.text(role), text('')) : text('')]];
    default:
      return [[role, source.number(source.role(role).name)]];
  }
}

/** True if the job draws from candidates and they have a time column. */
export function candidatesHaveTime(sources: Sources): boolean {
  return sources.drawsCandidates && sources.required('candidates').hasRole('time');
}
