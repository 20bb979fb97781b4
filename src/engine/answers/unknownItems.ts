import { matchingAuditCounts } from '../tables/askedCounts.ts';
import type { QuestionAnswerer } from './question.ts';
import { roleTable } from '../tables/roleTable.ts';
import { countRows, examples, sampleTable } from './samples.ts';

/**
 * Rows whose item is not in the corpus, or was not in it at that time: created <= t < removed. A missing end is open.
 * An item with several rows lives from its first creation to its last removal.
 * A pair that a log contains is never too early or too late; if its item is missing from the corpus, it has left it.
 */
export const unknownItems: QuestionAnswerer<'unknown-items'> = {
  tables: ({ samples, items, seen }) => [samples.ref, items.ref, ...seen.map(({ ref }) => ref)],
  async answer({ samples, items, seen, timezone }, tables, work) {
    const table = sampleTable(tables, samples, timezone);
    const counted = matchingAuditCounts(tables, samples);
    const rows = counted?.rows ?? (await countRows(tables, table, work));
    if (counted?.items && !items.columns.created && !items.columns.removed && items.columns.item.type === undefined) {
      // Items without times are enough, and they are far fewer than rows.
      const listed = roleTable(tables.table(items.ref), items, { timezone });
      const absent = `(SELECT item FROM ${counted.items.sql} WHERE item IS NOT NULL) s ANTI JOIN ${listed} i ON s.item = i.item`;
      if ((await countRows(tables, absent, work)) === 0)
        return { rows, absent: 0, gone: 0, early: 0, late: 0, examples: [] };
    }
    const end = (role: 'created' | 'removed', sql: string): string =>
      items.columns[role]
        ? `CASE WHEN count(${role}) = count(*) THEN ${sql} END AS ${role}`
        : `CAST(NULL AS TIMESTAMP) AS ${role}`;
    const corpus = `(SELECT item, ${end('created', 'min(created)')}, ${end('removed', 'max("removed@to")')} FROM ${roleTable(tables.table(items.ref), items, { timezone })} WHERE item IS NOT NULL GROUP BY item)`;
    const timed = samples.columns.time !== undefined;
    const kind = `CASE WHEN i.item IS NULL THEN 'absent'${timed ? ` WHEN i.created > s."time@to" THEN 'early' WHEN i.removed <= s.time THEN 'late'` : ''} END`;
    const odd = `(SELECT * FROM (SELECT s.*, ${kind} AS kind FROM ${table} s LEFT JOIN ${corpus} i ON s.item = i.item WHERE s.item IS NOT NULL) WHERE kind IS NOT NULL)`;
    const witnessed = seen.map(
      (pairs) =>
        `EXISTS (SELECT 1 FROM ${roleTable(tables.table(pairs.ref), pairs, { timezone })} w WHERE w."user" = o."user" AND w.item = o.item)`,
    );
    const isSeen = witnessed.length === 0 ? 'false' : witnessed.join(' OR ');
    const unknown = `(SELECT * REPLACE (CASE WHEN seen THEN 'gone' ELSE kind END AS kind) FROM (SELECT o.*, ${isSeen} AS seen FROM ${odd} o) WHERE kind = 'absent' OR NOT seen)`;
    const [row = []] = await tables.rows(
      `SELECT ${['absent', 'gone', 'early', 'late'].map((k) => `count(*) FILTER (WHERE kind = '${k}')`).join(', ')} FROM ${unknown}`,
      work,
    );
    const [absent = 0, gone = 0, early = 0, late = 0] = row.map(Number);
    return {
      rows,
      absent,
      gone,
      early,
      late,
      examples:
        absent + gone + early + late === 0
          ? []
          : await examples(
              tables,
              absent + early + late === 0 ? unknown : `(SELECT * FROM ${unknown} WHERE kind <> 'gone')`,
              samples,
              ['user', 'item', 'time', 'source', 'entry'],
              work,
            ),
    };
  },
};
