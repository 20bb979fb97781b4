import { difficulty, type DifficultyCounts } from '../../../core/audit/metrics/difficulty.ts';
import { message } from '../../../core/message/message.ts';
import type { Work } from '../../database/connections.ts';
import { numberIn, optionalNumberIn, textIn } from '../../database/numberIn.ts';
import { numberIn as numberOf } from '../../sql/notNan.ts';
import { attributesOf } from '../attributeShares.ts';
import type { AuditWorld } from '../auditWorld.ts';
import { attributeSql } from '../byColumn.ts';
import { inputItems, inputWeight } from '../itemCounts.ts';
import type { Phase } from '../phase.ts';
import { entryColumn } from './mix.ts';

const label = message('Comparing negatives with positives');

/** How like the positives the negatives are: by the attributes of their items, and by rank and score as candidates. */
export const difficultyPhase: Phase = {
  label,
  metrics: ['difficulty'],
  usesEntries: true,
  needs: ['label'],
  missingReason: (world) => world.missingInputsReason() ?? world.differentIds('item'),
  async run(world, work) {
    const attributes = await byAttribute(world, work);
    const candidates = await byCandidate(world, work);
    if (attributes.length === 0 && candidates.length === 0)
      return {
        difficulty: {
          because: message(
            'it needs data.items with attributes and the column {0}, or data.candidates and the column {1}',
            'positive_item',
            'request',
          ),
        },
      };
    return { difficulty: difficulty.measure({ attributes, candidates }) };
  },
};

async function byAttribute(world: AuditWorld, work: Work): Promise<DifficultyCounts['attributes']> {
  const { sample, inputs } = world;
  const hasPositive = sample.has('positive_item') || sample.found.layout === 'wide';
  if (!hasPositive || inputs === null || sample.kind('positive_item') !== sample.kind('item')) return [];
  const entry = entryColumn(world) ?? 'CAST(NULL AS VARCHAR)';
  const items = await inputItems(world, work);
  const found: DifficultyCounts['attributes'][number][] = [];
  for (const attribute of await attributesOf(world, 'items', work)) {
    const values = attributeSql(inputs, 'items', attribute) ?? '';
    const rows = await world.rows(
      `WITH a AS MATERIALIZED (SELECT * FROM ${values} WHERE value IS NOT NULL),
        shares AS (SELECT value, sum(w) / sum(sum(w)) OVER () AS share FROM (SELECT a.value, coalesce(${inputWeight(world)}, 0) AS w FROM ${items} i JOIN a ON a.id = i.item) GROUP BY value)
      SELECT s.e, count(*) AS rows, count(*) FILTER (WHERE own.value = p.value), sum(coalesce(shares.share, 0))
      FROM (SELECT item, positive_item, ${entry} AS e FROM ${sample.sql} WHERE label = false) s JOIN a own ON own.id = s.item JOIN a p ON p.id = s.positive_item LEFT JOIN shares ON shares.value = p.value
      GROUP BY s.e ORDER BY rows DESC, s.e`,
      label,
      work,
    );
    for (const row of rows)
      found.push({
        entry: textIn(row),
        attribute,
        rows: numberIn(row, 1),
        same: numberIn(row, 2),
        expected: numberIn(row, 3),
      });
  }
  return found;
}

async function byCandidate(world: AuditWorld, work: Work): Promise<DifficultyCounts['candidates']> {
  const { sample } = world;
  const candidates = world.candidates();
  if (candidates === null || !sample.has('request')) return [];
  const { sql: from, columns } = candidates;
  const entry = entryColumn(world) ?? 'CAST(NULL AS VARCHAR)';
  const isUser = columns.user !== undefined && sample.has('user') && world.differentIds('user') === null;
  const key = ['request', ...(isUser ? ['"user"'] : [])];
  const values = [
    ...(columns.rank === undefined ? [] : [{ of: 'rank' as const, sql: `min(${numberOf('rank')})` }]),
    ...(columns.score === undefined ? [] : [{ of: 'score' as const, sql: `max(${numberOf('score')})` }]),
  ];
  const found: DifficultyCounts['candidates'][number][] = [];
  for (const { of, sql } of values) {
    const keys = key.map((name) => `CAST(${name} AS VARCHAR) AS ${name}`).join(', ');
    const rows = await world.rows(
      `SELECT s.e, count(*) AS rows, count(k.x), ${[0.05, 0.5, 0.95].map((q) => `quantile_disc(k.x, ${q})`).join(', ')}
      FROM (SELECT item, ${keys}, ${entry} AS e FROM ${sample.sql} WHERE label = false) s
        LEFT JOIN (SELECT item, ${keys}, ${sql} AS x FROM ${from} GROUP BY ALL) k USING (${['item', ...key].join(', ')})
      GROUP BY s.e ORDER BY rows DESC, s.e`,
      label,
      work,
    );
    for (const row of rows)
      found.push({
        entry: textIn(row),
        of,
        rows: numberIn(row, 1),
        known: numberIn(row, 2),
        p5: optionalNumberIn(row, 3),
        p50: optionalNumberIn(row, 4),
        p95: optionalNumberIn(row, 5),
      });
  }
  return found;
}
