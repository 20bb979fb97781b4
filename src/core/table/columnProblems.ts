import { message, type Message } from '../message/message.ts';
import type { Column } from './dataset.ts';
import { formatCount, formatPercent } from './format.ts';
import type { ColumnProfile } from './profile.ts';
import type { Role } from './role.ts';
import { snakeCase } from './snakeCase.ts';
import { unreadableMessage } from './type.ts';

/** A property of a column that often breaks or weakens training. */
export interface ColumnProblem {
  /** In a few words, for the list of columns. */
  readonly short: Message;
  readonly text: Message;
}

/** Above this share of NULLs, a column is mostly NULL. */
const mostlyNullShare = 0.5;

/** Names of ids. Float columns with other names are values. */
const idName = /(^|[_\p{Script=Han}])(?:[ui]|item|user)?id$/u;
const idRoles: ReadonlySet<Role> = new Set<Role>(['user', 'item', 'request', 'positive-item']);

/** Roles in tables in which a user or item has many rows. */
const manyRows: ReadonlySet<Role> = new Set<Role>(['time', 'request', 'label', 'source', 'positive-item']);

type OtherColumn = Pick<Column, 'role'> & Partial<Pick<Column, 'partition'>>;

/**
 * Problems of a column that its profile shows, the worst first.
 * @param columns all columns of the data set: they show if an id is a key
 */
export function columnProblems(
  column: Pick<Column, 'name' | 'type' | 'role'>,
  profile: ColumnProfile | null,
  columns: readonly OtherColumn[],
): ColumnProblem[] {
  const unreadable = unreadableMessage(column);
  if (unreadable) return [{ short: message('not readable'), text: unreadable }];
  if (!profile || profile.rows === 0) return [];
  if (profile.nulls === profile.rows) return [{ short: message('all NULL'), text: message('All values are NULL') }];
  return [
    ...(isIdOfFloats(column)
      ? [
          {
            short: message('ids as floats'),
            text: message('Ids are stored as floats: above 2^53, different ids become equal. Store them as integers'),
          },
        ]
      : []),
    ...repeatedKeyProblems(column.role?.role, profile, columns),
    ...notFiniteProblems(profile),
    ...listProblems(profile),
    ...constantProblems(profile),
    ...nullProblems(profile),
  ];
}

function isIdOfFloats({ name, type, role }: Pick<Column, 'name' | 'type' | 'role'>): boolean {
  if (type.kind !== 'float') return false;
  return role === null ? idName.test(snakeCase(name)) : idRoles.has(role.role);
}

/** In a table of items or users without times, the id is a key. Folders by day are skipped: each repeats the ids. */
function repeatedKeyProblems(
  role: Role | undefined,
  { rows, nulls, distinct }: ColumnProfile,
  columns: readonly OtherColumn[],
): ColumnProblem[] {
  if (role !== 'user' && role !== 'item') return [];
  const other = role === 'user' ? 'item' : 'user';
  const isRepeated = ({ role: otherRole, partition }: OtherColumn): boolean =>
    partition === true || otherRole?.role === other || (otherRole !== null && manyRows.has(otherRole.role));
  if (columns.some(isRepeated)) return [];
  const repeated = rows - nulls - distinct.value;
  if (!distinct.exact || repeated <= 0) return [];
  return [
    {
      short: message('{0} duplicates', formatCount(repeated)),
      text: message(
        '{0} rows repeat an id of another row, but this table has one row for each id',
        formatCount(repeated),
      ),
    },
  ];
}

function notFiniteProblems({ notFinite }: ColumnProfile): ColumnProblem[] {
  const { nan, infinite } = notFinite ?? { nan: 0, infinite: 0 };
  return [
    ...(nan > 0
      ? [
          {
            short: message('{0} NaN', formatCount(nan)),
            text: message('{0} rows are NaN. NaN is not NULL: it spreads through sums and losses', formatCount(nan)),
          },
        ]
      : []),
    ...(infinite > 0
      ? [
          {
            short: message('{0} infinite', formatCount(infinite)),
            text: message('{0} rows are infinite', formatCount(infinite)),
          },
        ]
      : []),
  ];
}

function listProblems({ list, role }: ColumnProfile): ColumnProblem[] {
  if (!list) return [];
  const { shortest, longest, listsWithNulls: withNull, vectors, sequence } = list;
  const problems: ColumnProblem[] = [];
  const add = (short: Message, text: Message): number => problems.push({ short, text });
  if (role?.role === 'embedding' && shortest !== null && longest !== null && shortest !== longest)
    add(
      message('different lengths'),
      message('Embeddings have {0} to {1} dimensions', formatCount(shortest), formatCount(longest)),
    );
  if (sequence && sequence.uneven > 0)
    add(
      message('{0} of other length', formatCount(sequence.uneven)),
      message(
        '{0} rows have another length than {1}, so their elements are not of the same steps',
        formatCount(sequence.uneven),
        sequence.lists[0] ?? '',
      ),
    );
  if (vectors && vectors.notFinite > 0)
    add(
      message('{0} with NaN', formatCount(vectors.notFinite)),
      message('{0} rows contain NaN or an infinite element', formatCount(vectors.notFinite)),
    );
  if (withNull > 0)
    add(
      message('{0} with NULL', formatCount(withNull)),
      message('{0} rows contain a NULL element', formatCount(withNull)),
    );
  if (vectors && vectors.zero > 0)
    add(
      message('{0} zero vectors', formatCount(vectors.zero)),
      message('{0} rows are zero vectors, which have no direction', formatCount(vectors.zero)),
    );
  if (longest === 0) add(message('all empty'), message('All lists are empty'));
  return problems;
}

function constantProblems(profile: ColumnProfile): ColumnProblem[] {
  const { rows, nulls, distinct, of, min, max, type, notFinite } = profile;
  // `min` and `max` ignore NaN.
  const isSame = distinct.exact
    ? distinct.value === 1
    : of === 'value' && type.kind !== 'struct' && min !== null && min === max && (notFinite?.nan ?? 0) === 0;
  if (!isSame || rows - nulls < 2) return [];
  return [
    nulls === 0
      ? { short: message('constant'), text: message('Constant: all rows have the same value') }
      : { short: message('one value'), text: message('All values that are not NULL are the same') },
  ];
}

function nullProblems({ rows, nulls: count }: ColumnProfile): ColumnProblem[] {
  if (count / rows <= mostlyNullShare) return [];
  const share = formatPercent(count / rows);
  return [{ short: message('{0} NULL', share), text: message('Mostly NULL: {0} of the rows', share) }];
}
