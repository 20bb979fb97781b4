import { SampledTables } from '../inputs/sampledTables.ts';
import { anyEvent } from '../inputs/world/counts.ts';
import { Worlds } from '../inputs/world/loadedWorld.ts';
import { within } from '../inputs/world/within.ts';
import type { QuestionAnswerer } from './question.ts';
import { sampleTable } from './samples.ts';
import type { Rate } from '../../core/statistics/rate.ts';
import { noRows, ratesBy } from './userRates.ts';

/** Groups of items after the head, each as large as the head. */
const BANDS = 10;
const bands = Array.from({ length: 1 + BANDS }, (_, k) => `band = ${k}`);

/**
 * How alike the rows of a user are, for a share of 0: its rows do not show it, but those of the next popular items do.
 * The largest design of them is assumed. `fallback`: if they have no rows either.
 */
function designLike(others: readonly Rate[], fallback: number): number {
  const known = others.filter(({ hits }) => hits > 0);
  return known.length === 0 ? fallback : Math.max(...known.map(({ design }) => design));
}

/** Rows of the file with one of the most popular items of the corpus. Equal counts are in the order of the ids. */
export const headShares: QuestionAnswerer<'head-shares'> = {
  tables: ({ samples, request: { data } }) => [
    samples.ref,
    data.log.impressions.ref,
    ...(data.log.clicks ?? []).map(({ ref }) => ref),
    ...(data.items ? [data.items.ref] : []),
  ],
  async answer({ samples, request: { plan, data }, timezone }, tables, work) {
    const inputs = {
      log: data.log,
      ...(data.items ? { items: data.items } : {}),
      ...(data.corpus ? { corpus: data.corpus } : {}),
    };
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
    await tables.run(`CREATE TABLE "ranked items" AS SELECT * FROM ${ranked}`, work);
    const isHead = 'place <= greatest(1, items // 100)';
    const [row = []] = await tables.rows(
      `SELECT count(*), count(*) FILTER (WHERE ${isHead}), sum(n) FILTER (WHERE ${isHead}) / nullif(sum(n), 0) FROM "ranked items"`,
      work,
    );
    const [items = 0, head = 0] = row.map(Number);
    const share = row[2];
    const judged = `(SELECT ${samples.columns.user ? 's."user"' : 'NULL AS "user"'}, s.label, (h.place - 1) // ${Math.max(1, head)} AS band FROM ${sampleTable(tables, samples, timezone)} s LEFT JOIN (SELECT item, place FROM "ranked items" WHERE place <= ${(1 + BANDS) * head}) h ON h.item = s.item WHERE s.item IS NOT NULL)`;
    const byLabel = await ratesBy(tables, judged, { by: 'label', properties: bands, work });
    await tables.run('DROP TABLE "ranked items"', work);
    const [positives = noRows] = byLabel.get('true') ?? [];
    const [negatives = noRows, ...others] = byLabel.get('false') ?? [];
    return {
      items,
      head,
      eventShare: share === null || share === undefined ? null : Number(share),
      positives,
      negatives: negatives.hits > 0 ? negatives : { ...negatives, design: designLike(others, negatives.design) },
    };
  },
};
