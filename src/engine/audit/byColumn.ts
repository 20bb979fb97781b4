import { fail } from '../../core/message/failure.ts';
import { message, type Message } from '../../core/message/message.ts';
import type { AuditRequest } from '../../protocol/audit.ts';
import { withinPeriodSql } from '../tables/log.ts';
import type { OpenTable, Tables } from '../tables/tables.ts';
import type { SampledTables } from '../inputs/sampledTables.ts';
import { textColumn } from '../inputs/columnNames.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import type { AuditWorld, ByValue } from './auditWorld.ts';
import { localSql } from './localTime.ts';

/**
 * Finds the column of `--by`: a column of the sample file, else of `data.users`, else of `data.items`. `users.city` and
 * `items.city` name the table. Null if the user has not asked for it.
 * @throws FailureError `bad-request` if no table has the column
 */
export function byColumn({ by: name, ref, data }: AuditRequest, tables: Tables): ByValue | null {
  if (name === null) return null;
  if (name === 'day' || name === 'split') return { name, from: name, column: name };
  const has = (table: OpenTable, column: string): boolean => table.columns.some((own) => own.name === column);
  if (has(tables.table(ref), name)) return { name, from: 'sample', column: name };
  for (const from of ['users', 'items'] as const) {
    const asked = data?.[from];
    const column = name.startsWith(`${from}.`) ? name.slice(from.length + 1) : name;
    if (asked && has(tables.table(asked.ref), column)) return { name, from, column };
  }
  throw fail('bad-request', message('There is no column {0}', name), {
    place: { path: ref.path, column: name },
    advice: message('Name a column of the sample file, of data.users or of data.items.'),
  });
}

/** Why the rows cannot be grouped; null if they can. */
export function missingByReason(world: AuditWorld): Message | null {
  const { by, sample, request } = world;
  switch (by?.from) {
    case 'day':
      return sample.has('time') ? null : message('there is no time column');
    case 'split':
      if (sample.has('split')) return null;
      if (!sample.has('time')) return message('there is no time column');
      return request.plan === null ? message('it needs a config: give {0}', '--config') : null;
    case 'users':
      return sample.has('user') ? world.differentIds('user') : message('there is no user column');
    case 'items':
      return world.differentIds('item');
    default:
      return null;
  }
}

/** SQL of the value of a row of the sample `s`, and of the join that it needs. Null if the sample has it as `@by`. */
export function byValueSql(world: AuditWorld): { readonly value: string; readonly join: string } | null {
  const { by, inputs } = world;
  switch (by?.from) {
    case 'day':
      return { value: `CAST(CAST(${localSql('s.time', world.request.timezone)} AS DATE) AS VARCHAR)`, join: '' };
    case 'split': {
      const value = splitSql(world, 's');
      return value === null ? null : { value, join: '' };
    }
    case 'users':
    case 'items': {
      const role = by.from === 'users' ? '"user"' : 'item';
      const values = inputs === null ? null : attributeSql(inputs, by.from, by.column);
      return values === null ? null : { value: 'a.value', join: ` LEFT JOIN ${values} a ON a.id = s.${role}` };
    }
    default:
      return null;
  }
}

/**
 * SQL of the split of a row: its column, else the window of the config that contains its time. Null without either.
 * `alias`: of the sample.
 */
export function splitSql({ sample, request: { plan, timezone } }: AuditWorld, alias: string): string | null {
  if (sample.has('split')) return `${alias}.split`;
  if (plan === null || !sample.has('time')) return null;
  const { train, eval: evaluated } = plan.window;
  const inside = (period: typeof train): string =>
    period === null ? 'false' : withinPeriodSql(`${alias}.time`, period, timezone);
  return `CASE WHEN ${inside(train)} THEN 'train' WHEN ${inside(evaluated)} THEN 'eval' END`;
}

/** The values of an attribute as a FROM item: `id`, `value`. An id with several values has the smallest. */
export function attributeSql(inputs: SampledTables, from: 'users' | 'items', column: string): string | null {
  const text = quoteIdentifier(textColumn(column));
  const rows = from === 'users' ? inputs.users([column]) : inputs.corpus({ texts: [column] });
  if (rows === null) return null;
  const id = from === 'users' ? '"user"' : 'item';
  return `(SELECT ${id} AS id, min(${text}) AS value FROM ${rows} WHERE ${id} IS NOT NULL GROUP BY ${id})`;
}
