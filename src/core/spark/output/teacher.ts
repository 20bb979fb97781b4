import type { StagePlan } from '../../sampling/plan/stagePlan.ts';
import type { Log } from '../inputs/log.ts';
import { withPart } from '../groups/splitUsers.ts';
import { and, col, fn, sql, when } from '../../relation/expression.ts';
import { cols, columnsFrom, from, join, named, select } from '../../relation/relation.ts';
import type { Script } from '../script.ts';
import type { Expression, Join, Relation } from '../../relation/tree.ts';

/** Values of the teacher of rows that are joined with `joins`. */
interface Teaching {
  readonly joins: readonly Join[];
  /** @param ofExposure the value of the own exposure, for teachers of the impressions */
  readonly value: (ofExposure: Expression) => Expression;
}

/**
 * The teacher of a plan; null without one. From the candidates: the largest value of an item over all channels of its
 * request. `on: exposed`: only of rows whose item the impressions of the request have.
 * @param of the user, request_key and item of a row, and the part of its user in a unit that draws
 */
export function addTeacher(
  script: Script,
  { teacher, unit }: StagePlan,
  { ends }: Log,
  of: (name: string) => Expression,
): Teaching | null {
  if (!teacher) return null;
  const joins: Join[] = [];
  const key = ['user', 'request_key', 'item'];
  const isDrawn = unit !== 'impression';
  const same = (as: string): Expression =>
    and(...[...key, ...(isDrawn ? ['part'] : [])].map((name) => sql`${col(name, as)} = ${of(name)}`));
  if (teacher.from === 'candidates') {
    const values = select([...key, ['teacher', fn('max', col(teacher.column))]], named('candidates'), {
      groupBy: cols(key),
    });
    script.view(
      'teacher_values',
      isDrawn ? withPart([...key, 'teacher'], values) : values,
      'The largest value of each candidate over its channels.',
    );
    joins.push(join('left', 'teacher_values', 'y', same('y')));
  }
  const masked = isMasked({ teacher, unit });
  if (masked) joins.push(join('left', shownItems(ends), 'z', same('z')));
  return {
    joins,
    value: (ofExposure) => {
      const value = teacher.from === 'candidates' ? col('teacher', 'y') : ofExposure;
      return masked ? when([[sql`${col('user', 'z')} IS NOT NULL`, value]]) : value;
    },
  };
}

/** True if only rows have a value whose item was shown. In the unit impression, every row is an exposure. */
export function isMasked({ teacher, unit }: Pick<StagePlan, 'teacher' | 'unit'>): boolean {
  return teacher?.on === 'exposed' && unit !== 'impression';
}

/** The distinct users, requests and items of the impressions, with the part of the user. */
export function shownItems(ends: Log['ends']): Relation {
  const key = ['user', 'request_key', 'item'];
  const shown = select(columnsFrom(key, 'l'), from('log', 'l'), {
    distinct: true,
    where: ends.exists(col('t', 'l')),
  });
  return withPart(key, shown);
}
