import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { DemoFolder } from './demoFolder.ts';
import { runWithSparkSql, skip } from './realSpark.ts';

let demo: DemoFolder;
before(async () => {
  demo = await DemoFolder.write();
});
after(() => {
  demo.remove();
});

/** What `recsample inspect --digest` says about the rows of a file or folder. */
async function digestOf(sample: string): Promise<string> {
  const { out } = await demo.run('inspect', sample, '--digest');
  const [digest = ''] = /\b[0-9a-f]{32}\b/.exec(out) ?? [];
  assert.notEqual(digest, '', out);
  return digest;
}

test(
  '--run draws the fine ranking stage of the demo with spark-sql, in a session of another time zone',
  { skip },
  async () => {
    const config = 'configs/fine_ranking.ratio.yaml';
    await runWithSparkSql(demo.path, [config], ['spark.sql.session.timeZone=Asia/Shanghai']);
    await demo.assertEqualRows(config, 'train', demo.at('out', 'fine_ranking.spark'));
    assert.equal(await digestOf('out/fine_ranking.spark'), await digestOf('out/local.parquet'));
  },
);

for (const stage of ['fine_ranking', 'coarse_ranking', 'recall'])
  test(`the script of the ${stage} stage reads as in the golden file`, async () => {
    const places = ['--input-root', 'data=s3a://lake/data', '--output', `s3a://samples/${stage}`];
    const { out } = await demo.run('spark', `configs/${stage}.ratio.yaml`, ...places);
    const text = out
      .replaceAll(/_sha256: .*/g, '_sha256: …')
      .replaceAll(/-[0-9a-f]{12}\b/g, '-…')
      .replaceAll(/'[0-9a-f]{64}'/g, "'…'");
    const file = new URL(`../golden/spark/${stage}.sql`, import.meta.url);
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text);
    else assert.equal(text, readFileSync(file, 'utf8'), `test/golden/spark/${stage}.sql`);
  });
