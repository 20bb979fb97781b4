import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changed, recall, run, useDemoFolder } from './demoFolder.ts';
import { assertGolden } from './golden.ts';

useDemoFolder();

test('with --facts data, a list that cannot fill half of its quota is a warning, unless refill fills the gap', async () => {
  // The demo's file has entries of another config, which its status says.
  assert.match(
    (await run(['lint', recall, '--facts', 'data'])).out,
    /^1 config, no findings\n1 rule did not run \(data\/mix\): the file has entries that the config does not have\n5 rules did not run \(data\/log-q, data\/declared-q, data\/exponent, data\/impossible-draw, data\/missing-choices\): another config/,
  );
  const kept = changed('kept.ratio.yaml', /on_shortfall: refill\n +refill_from: global_random/, 'on_shortfall: keep');
  const { code, out } = await run(['lint', kept, '--facts', 'data']);
  assert.equal(code, 0);
  assertGolden('lint.shortfall.txt', out);
  assert.match((await run(['lint', kept, '--facts', 'schema'])).out, /^1 config, no findings\n/);
  assert.equal((await run(['lint', kept, '--facts', 'data', '--fail-on', 'warning'])).code, 1);
});
