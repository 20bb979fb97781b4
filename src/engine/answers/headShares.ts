import { SampledTables } from '../sampling/inputs/sampledTables.ts';
import { anyEvent } from '../sampling/inputs/world/counts.ts';
import { Worlds } from '../sampling/inputs/world/loadedWorld.ts';
import { within } from '../sampling/inputs/world/within.ts';
import type { Answering } from './question.ts';
import { sampleTable } from './samples.ts';
import { userRate } from './userRates.ts';

/** Rows of the file with one of the most popular items of the corpus. Equal counts are in the order of the ids. */
export const headShares: Answering<'head-shares'> = {
  tables: ({ samples, request: { data } }) => [
    samples.ref,
    data.log.impressions.ref,
    ...(data.log.clicks ?? []).map(({ ref }) => ref),
    ...(data.items ? [data.items.ref] : []),
  ],
  async answer({ samples, request: { plan, data }, timezone }, tables, work) {
    const inputs = { log: data.log, ...(data.items ? { items: data.items } : {}) };
    const sampled = await SampledTables.open(tables, inputs, timezone, work);
    const windows = await new Worlds().windows(sampled, plan, work);
    const positive = anyEvent(
      sampled,
      plan.positives.events.map(({ name }) => name),
      windows.train.to,
    );
    const until = within('time', { from: -Infinity, to: windows.train.to });
    const counted = `SELECT item, count(*) AS n FROM ${sampled.log()} WHERE (${positive}) AND ${until} GROUP BY item`;
    const corpus = sampled.corpus();
    const listed =
      corpus === null
        ? `SELECT DISTINCT item FROM ${sampled.log()}`
        : `SELECT DISTINCT item FROM ${corpus} WHERE listed AND item IS NOT NULL`;
    const ranked = `(SELECT c.item, coalesce(k.n, 0) AS n, row_number() OVER (ORDER BY coalesce(k.n, 0) DESC, c.item) AS place, count(*) OVER () AS items
      FROM (${listed}) c LEFT JOIN (${counted}) k ON k.item = c.item)`;
    const isHead = 'place <= greatest(1, items // 100)';
    const [row = []] = await tables.rows(
      `SELECT count(*), count(*) FILTER (WHERE ${isHead}), sum(n) FILTER (WHERE ${isHead}) / nullif(sum(n), 0) FROM ${ranked}`,
      work,
    );
    const [items = 0, head = 0] = row.map(Number);
    const share = row[2];
    const judged = `(SELECT s.*, h.item IS NOT NULL AS hot FROM ${sampleTable(tables, samples, timezone)} s LEFT JOIN (SELECT item FROM ${ranked} WHERE ${isHead}) h ON h.item = s.item WHERE s.item IS NOT NULL)`;
    const byUser = samples.columns.user !== undefined;
    const rate = async (label: string): ReturnType<typeof userRate> =>
      await userRate(tables, `(SELECT * FROM ${judged} WHERE ${label})`, 'hot', byUser, work);
    return {
      items,
      head,
      eventShare: share === null || share === undefined ? null : Number(share),
      positives: await rate('label'),
      negatives: await rate('NOT label'),
    };
  },
};
