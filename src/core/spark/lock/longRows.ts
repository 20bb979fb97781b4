import { isShared, negativeName, ownerOf } from '../../data/columnOwner.ts';
import { hasSampleLists } from '../../schema/sampleLayout.ts';
import type { OutputRole } from '../../data/outputName.ts';
import { added, call, cast, col, fn, int, nothing, sql } from '../../relation/expression.ts';
import { select, unionAll, type Columns } from '../../relation/relation.ts';
import type { SparkJob } from '../sparkJob.ts';
import type { Expression, Relation } from '../../relation/tree.ts';

/** Number of a row of the group that is read from its lists. */
const rowInGroup = 'place_in_group';

/** The number of samples of a row of the result. */
export function samplesOf({ layout, names }: Pick<SparkJob, 'layout' | 'names'>): Expression {
  if (layout === 'long') return int(1);
  const list = layout === 'wide' ? negativeName(names.item) : names.label;
  const size = fn('coalesce', call('listSize', col(list)), int(0));
  return layout === 'wide' ? added(int(1), size) : size;
}

/**
 * One row for each sample: columns of RecSample, under the names of their roles, and `label`.
 * @param rows the name of the rows of the result, in the layout of the job
 */
export function longRows(job: SparkJob, rows: string, roles: readonly OutputRole[]): Relation {
  const { layout, names } = job;
  const all: readonly OutputRole[] = ['label', ...roles];
  if (layout === 'long')
    return select(
      roleColumns(all, (role) => col(names[role])),
      rows,
    );
  if (hasSampleLists(layout)) {
    const lists = all.filter((role) => !isShared(layout, ownerOf(role)));
    return eachOf(
      rows,
      col(names.label),
      all.map((role) => names[role]),
      roleColumns(all, (role) => (lists.includes(role) ? elementOf(names[role]) : col(names[role]))),
    );
  }
  const negatives = all.filter((role) => ['rows', 'negatives'].includes(ownerOf(role)));
  return unionAll(
    select(
      roleColumns(all, (role) =>
        role === 'label' ? int(1) : ownerOf(role) === 'negatives' ? nothingOf(role) : col(names[role]),
      ),
      rows,
    ),
    eachOf(
      rows,
      col(negativeName(names.item)),
      [names.item, ...negatives.map((role) => names[role])].map(negativeName),
      roleColumns(all, (role) =>
        role === 'label' ? int(0) : negatives.includes(role) ? elementOf(negativeName(names[role])) : nothingOf(role),
      ),
    ),
  );
}

function roleColumns(roles: readonly OutputRole[], value: (role: OutputRole) => Expression): Columns {
  return roles.map((role) => [role, role === 'label' ? cast(value(role), 'INT') : value(role)] as const);
}

/** One row for each element of the lists of a row. `list`: one of them. */
function eachOf(rows: string, list: Expression, kept: readonly string[], columns: Columns): Relation {
  const size = call('listSize', list);
  const filled = select([...new Set(kept)], rows, { where: [sql`${size} > ${int(0)}`] });
  const last = sql`${size} - ${int(1)}`;
  return select(columns, select([...new Set(kept), [rowInGroup, call('eachInteger', int(0), last)]], filled));
}

function elementOf(name: string): Expression {
  return call('elementAt', col(name), col(rowInGroup));
}

function nothingOf(role: OutputRole): Expression {
  return nothing(role === 'entry' || role === 'source' ? 'STRING' : 'DOUBLE');
}
