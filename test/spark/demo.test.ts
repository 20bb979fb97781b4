import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { DemoFolder } from './demoFolder.ts';

let demo: DemoFolder;
before(async () => {
  demo = await DemoFolder.write();
});
after(() => {
  demo.remove();
});

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
