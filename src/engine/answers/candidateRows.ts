import type { Answers } from '../../core/data/facts.ts';
import type { Work } from '../database/connections.ts';
import { quoteLiteral } from '../sql/quote.ts';
import type { QuestionAnswerer } from './question.ts';
import { roleTable } from '../tables/roleTable.ts';
import { entryRole } from '../tables/rowNames.ts';
import { examples, sampleTable } from './samples.ts';
import type { Tables } from '../tables/tables.ts';
import { noRows, userRates } from './userRates.ts';

/** Channels that a finding names. */
const MAX_CHANNELS = 8;
const shown = ['user', 'item', 'request', 'time', 'source', 'entry'] as const;

/** Negatives that should be candidates of their request: whether they are, and at which rank. */
export const candidateRows: QuestionAnswerer<'candidate-rows'> = {
  tables: ({ samples, candidates }) => [samples.ref, candidates.ref],
  async answer({ samples, candidates, entries, timezone }, tables, work) {
    const role = entryRole(samples);
    const byUser = samples.columns.user !== undefined;
    const rows = roleTable(tables.table(candidates.ref), candidates, { timezone });
    const found: Answers['candidate-rows']['entries'][number][] = [];
    for (const { name, ranks, channel } of entries) {
      const isOwn = role === null || name === null ? 'true' : `s.${role} = ${quoteLiteral(name)}`;
      const rank = candidates.columns.rank ? 'min(TRY_CAST(rank AS DOUBLE))' : 'NULL';
      const hasChannels = candidates.columns.channel !== undefined;
      const only = channel === null || !hasChannels ? null : channel;
      const inChannel = only === null ? '' : ` AND channel = ${quoteLiteral(only)}`;
      const judged = `(SELECT s.*, c.item IS NULL AS absent, ${ranks === null || rank === 'NULL' ? 'false' : `c.item IS NOT NULL AND NOT coalesce(c.rank BETWEEN ${ranks[0]} AND ${ranks[1]}, false)`} AS outside
        FROM ${sampleTable(tables, samples, timezone)} s LEFT JOIN (SELECT request, item, ${rank} AS rank FROM ${rows} WHERE item IS NOT NULL${inChannel} GROUP BY request, item) c
          ON c.request = s.request AND c.item = s.item WHERE NOT s.label AND s.item IS NOT NULL AND s.request IS NOT NULL AND ${isOwn})`;
      const rates = await userRates(tables, judged, ['absent', 'outside'], byUser, work);
      const [absent = noRows, outside = noRows] = rates;
      const some = async (flag: string, hits: number): ReturnType<typeof examples> =>
        hits === 0 ? [] : await examples(tables, `(SELECT * FROM ${judged} WHERE ${flag})`, samples, shown, work);
      found.push({
        name,
        ranks,
        channel: only,
        absentChannels:
          absent.hits === 0 || !hasChannels
            ? null
            : await channelsOf(`(SELECT request FROM ${judged} WHERE absent)`, rows, tables, work),
        absent,
        outside,
        absentExamples: await some('absent', absent.hits),
        outsideExamples: await some('outside', outside.hits),
      });
    }
    return { entries: found };
  },
};

/** Channels that returned candidates for the requests of `absent`, with the number of its rows. */
async function channelsOf(
  absent: string,
  candidates: string,
  tables: Tables,
  work: Work,
): Promise<Answers['candidate-rows']['entries'][number]['absentChannels']> {
  const found = await tables.rows(
    `SELECT channel, count(*) AS n FROM ${absent} a JOIN (SELECT DISTINCT request, channel FROM ${candidates} WHERE channel IS NOT NULL) c ON c.request = a.request
      GROUP BY channel ORDER BY n DESC, channel LIMIT ${MAX_CHANNELS}`,
    work,
  );
  return found.map(([channel, n]) => ({ channel: String(channel), rows: Number(n) }));
}
