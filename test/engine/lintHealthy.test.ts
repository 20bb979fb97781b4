import assert from 'node:assert/strict';
import { test } from 'node:test';
import { render } from '../../src/core/message/message.ts';
import { stages } from '../../src/core/schema/stage.ts';
import { shown } from '../unit/lintCase.ts';
import { demo, demoConfig, lintOn, notRun, writeDemoBefore } from './lintDemo.ts';
import { writeSample } from './sampledFile.ts';

// Files that the sampler writes from configs that lint clean: no rule may report them. Otherwise nobody reads the
// findings about files that are wrong.
writeDemoBefore();

for (const stage of stages)
  for (const split of ['train', 'eval'] as const)
    for (const layout of stage === 'recall' ? ['long', 'grouped', 'wide'] : ['long', 'grouped'])
      test(`a file of ${stage} for ${split} in the layout ${layout} has no findings, and every rule runs`, async () => {
        const path = `out/healthy-${stage}-${layout}-${split}.parquet`;
        const text = demoConfig(stage)
          .replace(`path: out/${stage}.parquet`, `path: ${path}\n      layout: ${layout}`)
          .replace('output: {layout: long', `output: {layout: ${layout}`);
        await writeSample(demo, text, stage, path, split);
        const linted = await lintOn(text, { path: `healthy-${stage}.ratio.yaml` });
        assert.deepEqual(shown(linted.findings.filter(({ severity }) => severity !== 'info')), []);
        assert.deepEqual(notRun(linted), []);
        // A file that was just written has the settings of its config.
        assert.deepEqual(linted.rules.find(({ rule }) => rule === 'data/digest')?.status, 'passed');
      });

test('another share than in the file is reported, with the recorded shortfalls', async () => {
  const path = 'out/other-share.parquet';
  const text = demoConfig('recall').replace('path: out/recall.parquet', `path: ${path}`);
  await writeSample(demo, text, 'recall', path);
  const other = text
    .replace('popularity: {share: 0.4', 'popularity: {share: 0.3')
    .replace('global_random: 0.2', 'global_random: 0.3');
  const { findings } = await lintOn(other, { path: 'other-share.ratio.yaml' });
  const found = findings.filter(({ severity }) => severity !== 'info');
  assert.deepEqual(
    found.map(({ rule, severity }) => `${rule} ${severity}`),
    ['data/mix warning'],
  );
  const [mix] = found;
  assert.ok(mix);
  // Ten points moved from one entry to the other.
  const [, actual, expected] =
    /^(?:popularity|global_random) has ([\d.]+) % .* leads to ([\d.]+) %$/.exec(render(mix.message)) ?? [];
  assert.ok(Math.abs(Math.abs(Number(actual) - Number(expected)) - 10) < 1, render(mix.message));
});
