import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { sampleLayouts, type SampleLayout } from '../../src/core/schema/sampleLayout.ts';
import type { QuestionKind } from '../../src/core/data/facts.ts';
import { parquet } from './fixture.ts';
import { comparedNothing, demo, demoConfig, lintOn, nothingInDemo, notRun, writeDemoBefore } from './lintDemo.ts';

writeDemoBefore();

const long = `read_parquet('${join(demo, 'out/recall.parquet')}')`;

/** The long file with lists of all columns but those that a row of the new file shares. */
const lists = (...shared: readonly string[]): string => {
  const columns = ['user_id', 'ts', 'positive_item', 'item_id', 'label', 'source', 'draw', 'log_q'];
  const listed = columns
    .filter((name) => !shared.includes(name))
    .map((name) => `list(${name} ORDER BY ts, positive_item, item_id, source) AS ${name}`);
  return `SELECT ${[...shared, ...listed].join(', ')} FROM ${long} GROUP BY ALL`;
};

/** The sample file of the demo, in other layouts. */
const layouts = {
  grouped: lists('user_id', 'positive_item', 'ts'),
  request: lists('user_id', 'ts'),
  user: lists('user_id'),
  wide: `SELECT user_id, positive_item, ts, first(item_id) FILTER (WHERE label = 1) AS item_id, coalesce(list(item_id ORDER BY item_id, source) FILTER (WHERE label = 0), []) AS negative_item_id, coalesce(list(source ORDER BY item_id, source) FILTER (WHERE label = 0), []) AS negative_source, coalesce(list(draw ORDER BY item_id, source) FILTER (WHERE label = 0), []) AS negative_draw, coalesce(list(log_q ORDER BY item_id, source) FILTER (WHERE label = 0), []) AS negative_log_q FROM ${long} GROUP BY user_id, positive_item, ts`,
} as const;

/** Faults of every kind that the rules count, added to the long file. */
const kinds: readonly QuestionKind[] = ['contradictions', 'duplicates', 'unknown-items', 'user-shares'];

test('a sample file is counted alike in every layout', async () => {
  const answers = async (layout: SampleLayout): Promise<unknown[]> => {
    if (layout !== 'long') await parquet(join(demo, `out/${layout}.parquet`), layouts[layout]);
    const text = demoConfig('recall').replace(
      'path: out/recall.parquet',
      layout === 'long' ? 'path: out/recall.parquet' : `path: out/${layout}.parquet\n      layout: ${layout}`,
    );
    const linted = await lintOn(text, {
      path: `${layout}.ratio.yaml`,
      questions: () => kinds.map((kind) => ({ kind, stage: 'recall' })),
    });
    // The other layouts are written without the copied columns.
    const more = layout === 'long' ? [] : ['data/label-leak', 'data/pass-through'];
    assert.deepEqual([notRun(linted), comparedNothing(linted).sort()], [[], [...nothingInDemo, ...more].sort()]);
    assert.deepEqual(
      linted.findings.filter(({ severity }) => severity === 'error'),
      [],
      layout,
    );
    return kinds.map((kind) => linted.facts.answer({ kind, stage: 'recall' }));
  };
  const expected = await answers('long');
  for (const layout of sampleLayouts) assert.deepEqual(await answers(layout), expected, layout);
});
