import type { AttributeShares } from '../../core/audit/metrics/psi.ts';
import { message } from '../../core/message/message.ts';
import type { LogicalType } from '../../core/table/type.ts';
import type { Work } from '../database/connections.ts';
import { numberIn, textIn } from '../database/numberIn.ts';
import type { AuditWorld } from './auditWorld.ts';
import { attributeSql } from './byColumn.ts';
import { userCounts } from './groupCounts.ts';
import { inputItems, inputWeight, sampleItems } from './itemCounts.ts';

const label = message('Counting attributes');
/** Attributes with more values are not compared: their shares are too small. */
const mostValues = 50;
/** Columns of a table that are looked at. */
const mostColumns = 30;
const kinds = new Set<LogicalType['kind']>(['boolean', 'integer', 'string', 'enum']);

/** The columns of the items or the users that have at least 2 and few values. */
export async function attributesOf(world: AuditWorld, from: 'items' | 'users', work: Work): Promise<readonly string[]> {
  const asked = world.request.data?.[from];
  if (!asked || world.inputs === null) return [];
  const roles = new Set(Object.values(asked.columns).map((column) => (column as { readonly name: string }).name));
  const columns = world.tables
    .table(asked.ref)
    .columns.filter(({ name, type }) => kinds.has(type.kind) && !roles.has(name))
    .slice(0, mostColumns);
  const few: string[] = [];
  for (const { name } of columns) {
    const values = attributeSql(world.inputs, from, name);
    if (values === null) continue;
    const [row] = await world.rows(`SELECT count(DISTINCT value) FROM ${values}`, label, work);
    const distinct = numberIn(row);
    if (distinct >= 2 && distinct <= mostValues) few.push(name);
  }
  return few;
}

/** Negatives and the input by the attributes of the items, and rows and exposures by those of the users. */
export async function attributeShares(world: AuditWorld, work: Work): Promise<AttributeShares[]> {
  const found: AttributeShares[] = [];
  const { sample, inputs } = world;
  if (inputs === null) return found;
  const items = await inputItems(world, work);
  for (const attribute of await attributesOf(world, 'items', work))
    found.push(
      await sharesOf(world, attribute, 'items', work, {
        rows: `SELECT item AS id, n FROM ${(await sampleItems(world, work)).sql} WHERE n > 0`,
        input: `SELECT item AS id, coalesce(${inputWeight(world)}, 0) AS n FROM ${items}`,
      }),
    );
  if (!sample.has('user') || world.differentIds('user') !== null) return found;
  for (const attribute of await attributesOf(world, 'users', work))
    found.push(
      await sharesOf(world, attribute, 'users', work, {
        rows: `SELECT "user" AS id, r AS n FROM ${await userCounts(world, work)} WHERE "user" IS NOT NULL`,
        input: `SELECT "user" AS id, count(*) AS n FROM ${inputs.log()} WHERE ${world.insideSplit('time')} GROUP BY "user"`,
      }),
    );
  return found;
}

/** Rows and input by the values of one attribute. Both select `id` and `n`. */
export async function sharesOf(
  world: AuditWorld,
  attribute: string,
  of: 'items' | 'users',
  work: Work,
  { rows, input }: { readonly rows: string; readonly input: string },
): Promise<AttributeShares> {
  const values = (world.inputs && attributeSql(world.inputs, of, attribute)) ?? '';
  const found = await world.rows(
    `SELECT a.value, sum(n), sum(m) FROM (SELECT id, n, 0 AS m FROM (${rows}) UNION ALL SELECT id, 0, n FROM (${input}) WHERE n > 0) b LEFT JOIN ${values} a ON a.id = b.id GROUP BY a.value ORDER BY a.value NULLS LAST`,
    label,
    work,
  );
  return {
    attribute,
    of,
    values: found.map((row) => ({ value: textIn(row), rows: numberIn(row, 1), input: numberIn(row, 2) })),
  };
}
