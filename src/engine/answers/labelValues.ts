import type { Answers } from '../../core/data/facts.ts';
import { isNumeric } from '../../core/table/type.ts';
import type { AskedFlags } from '../../protocol/answers.ts';
import type { Work } from '../database/connections.ts';
import { numberIn } from '../database/numberIn.ts';
import { orNull } from '../sql/notNan.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { eventSql } from '../tables/log.ts';
import type { QuestionAnswerer } from './question.ts';
import { columnOf, roleTable } from '../tables/roleTable.ts';
import type { Tables } from '../tables/tables.ts';

type Counted = Answers['label-values'];

/** The values of flags that are neither 0 nor 1, and the rows that leave open whether an event happened. */
export const labelValues: QuestionAnswerer<'label-values'> = {
  tables: ({ tables }) => tables.map(({ ref }) => ref),
  async answer({ tables: asked, timezone }, tables, work) {
    const counted: Counted[] = [];
    for (const one of asked) counted.push(await countedIn(one, timezone, tables, work));
    return { columns: counted.flatMap(({ columns }) => columns), events: counted.flatMap(({ events }) => events) };
  },
};

async function countedIn(
  { dataset, flags, events, ...asked }: AskedFlags,
  timezone: string,
  tables: Tables,
  work: Work,
): Promise<Counted> {
  const table = tables.table(asked.ref);
  const numeric = flags.filter((name) => isNumeric(columnOf(table, name).type));
  const value = (k: number): string => quoteIdentifier(`flag ${k}`);
  const unknown = (k: number): string => quoteIdentifier(`unknown ${k}`);
  const more = [
    ...numeric.map((name, k) => [`flag ${k}`, orNull(quoteIdentifier(name), columnOf(table, name).type)]),
    ...events.map((event, k) => [`unknown ${k}`, eventSql(event, table)]),
  ];
  const rows = roleTable(table, asked, { timezone, more: Object.fromEntries(more) as Record<string, string> });
  const figures = numeric.flatMap((_, k) => [
    `count(*) FILTER (WHERE ${value(k)} NOT IN (0, 1))`,
    `CAST(min(${value(k)}) AS VARCHAR)`,
    `CAST(max(${value(k)}) AS VARCHAR)`,
  ]);
  const counts = events.map((_, k) => `count(*) FILTER (WHERE ${unknown(k)})`);
  const [found = []] = await tables.rows(`SELECT ${['count(*)', ...figures, ...counts].join(', ')} FROM ${rows}`, work);
  return {
    columns: numeric.map((column, k) => ({
      dataset,
      column,
      others: numberIn(found, 1 + 3 * k),
      min: String(found[2 + 3 * k] ?? ''),
      max: String(found[3 + 3 * k] ?? ''),
    })),
    events: events.map(({ name }, k) => ({
      event: name,
      rows: numberIn(found),
      unknown: numberIn(found, 1 + figures.length + k),
    })),
  };
}
