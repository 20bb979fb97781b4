import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { goodConfigs } from '../../examples/demo/configs.ts';
import { everything } from '../../src/core/table/filter.ts';
import { tinyDemo } from '../fixtures/tinyDemo.ts';
import { arrow, engine, folder, ref, texts } from './fixture.ts';
import { comparedNothing, demo, lintOn, nothingInDemo, notRun } from './lintDemo.ts';
import { requestOf } from './samplingCase.ts';
import { shown } from '../unit/lintCase.ts';
import { heavyUser } from '../fixtures/demoUsers.ts';
import { ownNames } from '../../src/core/data/outputName.ts';

// The demo with Arrow files in the place of Parquet files gives the same findings, previews and samples.
before(async () => {
  await tinyDemo(demo, { bad: false });
  for (const path of readdirSync(demo, { recursive: true, encoding: 'utf8' }).filter((one) => one.endsWith('.parquet')))
    await arrow(
      join(demo, path.replace('.parquet', '.arrow')),
      `SELECT * FROM read_parquet('${join(demo, path)}', hive_partitioning = false)`,
    );
});
const inArrow = (text: string): string => text.replaceAll('.parquet', '.arrow');
const recall = goodConfigs().find(({ path }) => path.includes('recall'))?.text ?? '';

for (const { path, text } of goodConfigs()) {
  test(`${path} on Arrow files: no finding, and every rule that applies ran`, async () => {
    const linted = await lintOn(inArrow(text), { path });
    assert.deepEqual(shown(linted.findings), []);
    assert.deepEqual(notRun(linted), []);
    assert.deepEqual(comparedNothing(linted), path.includes('recall') ? nothingInDemo : []);
  });
}

test('partitions, previews and samples of a config are those of Parquet', async () => {
  const impressions = (ending: string): string => join(demo, 'data/impressions', 'dt=*', `*.${ending}`);
  assert.deepEqual(
    await texts(impressions('arrow'), everything, 0, 50),
    await texts(impressions('parquet'), everything, 0, 50),
  );
  const found: unknown[] = [];
  for (const text of [recall, inArrow(recall)].map((one) => one.replaceAll('../', ''))) {
    const request = await requestOf(demo, 'recall', text);
    const preview = await engine.call('preview', { ...request, users: [heavyUser], groupLimit: null });
    const path = join(folder, `sample-${found.length}.parquet`);
    await engine.call('sample', {
      ...request,
      users: null,
      allowEmpty: false,
      output: { path, format: 'parquet', layout: 'long', names: ownNames, passThrough: [], within: null, facts: {} },
    });
    const { columns } = await engine.call('open', { ref: ref(path) });
    const digest = await engine.call('digest', { ref: ref(path), view: everything, columns: [...columns.keys()] });
    found.push({ users: preview.users, totals: preview.totals, digest });
  }
  assert.deepEqual(found[1], found[0]);
});
