import assert from 'node:assert/strict';
import { test } from 'node:test';
import { render } from '../../src/core/message/message.ts';
import { stages, type Stage } from '../../src/core/schema/stage.ts';
import { shown } from '../unit/lintCase.ts';
import { comparedNothing, demo, demoConfig, lintOn, notRun, writeDemoBefore } from './lintDemo.ts';
import { writeSample } from './sampledFile.ts';

// Files that the sampler writes from configs that lint clean: no rule may report them. Otherwise nobody reads the
// findings about files that are wrong.
writeDemoBefore();

/**
 * Rules that have nothing to compare in a file of the demo: it has few users, few positives, and lists are no pools.
 */
const nothing = (stage: Stage, split: 'train' | 'eval'): string[] => [
  ...(stage === 'coarse_ranking' ? ['data/declared-q', 'data/impossible-draw', 'data/missing-choices'] : []),
  // The files of train are written first.
  ...(split === 'train' ? ['data/split-overlap'] : []),
  ...(split === 'eval' || stage === 'coarse_ranking' ? ['data/label-leak'] : []),
  'data/user-skew',
];

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
        assert.deepEqual([notRun(linted), comparedNothing(linted)], [[], nothing(stage, split)]);
        // A file that was just written has the settings of its config.
        assert.deepEqual(linted.rules.find(({ rule }) => rule === 'data/digest')?.status, 'passed');
      });

// The configs of the demo lack some sources.
const everySource = {
  recall: (text: string): string =>
    text
      .replace('popularity: {share: 0.4', 'popularity: {share: 0.3')
      .replace(
        'global_random: 0.2\n',
        'global_random: 0.15\n        exposed_random: 0.05\n        hard_rank: {share: 0.05, ranks: [101, 500]}\n        hard_score: {share: 0.05, skip: 10, top: 100}\n',
      )
      .replace('reached: reached}', 'reached: reached, score: coarse_score}')
      .replace('positive_item: positive_item, time', 'positive_item: positive_item, request: request, time'),
  coarse_ranking: (text: string): string =>
    text.replace(
      'by: channel}}',
      'by: channel}, hard_rank: {count: 5, ranks: [11, 60]}, hard_score: {count: 5, skip: 5, top: 50}}',
    ),
} as const;

const mixes = [
  { stage: 'recall', isDistinct: false },
  { stage: 'recall', isDistinct: true },
  { stage: 'coarse_ranking', isDistinct: false },
  { stage: 'coarse_ranking', isDistinct: true },
] as const;
for (const { stage, isDistinct } of mixes)
  for (const split of ['train', 'eval'] as const)
    test(`a file of ${stage}${isDistinct ? ' with distinct' : ''} for ${split} with the sources that the demo lacks has no unexpected findings`, async () => {
      const path = `out/sources-${stage}-${isDistinct}-${split}.parquet`;
      const text = everySource[stage](demoConfig(stage))
        .replace(`path: out/${stage}.parquet`, `path: ${path}`)
        // The log q correction counts second rows.
        .replace(isDistinct ? /^ +training: .*\n/m : '', '')
        .replace('    negatives:\n', isDistinct ? '    negatives:\n      distinct: true\n' : '    negatives:\n');
      assert.deepEqual(
        [text.includes('distinct: true'), text.includes('logq')],
        [isDistinct, !isDistinct && stage === 'recall'],
      );
      for (const source of ['hard_rank', 'hard_score']) assert.ok(text.includes(source));
      await writeSample(demo, text, stage, path, split);
      const linted = await lintOn(text, { path: `sources-${stage}.ratio.yaml` });
      // The configs are not examples of good mixes.
      const found = linted.findings.filter(
        ({ rule, severity }) => severity === 'error' || (rule.startsWith('data/') && severity === 'warning'),
      );
      // Its lists by rank and by score have items in common.
      const expected = stage === 'coarse_ranking' && !isDistinct ? ['data/duplicate'] : [];
      assert.deepEqual(
        found.map(({ rule }) => rule),
        expected,
        shown(found).join('\n'),
      );
      const others = (rules: readonly string[]): string[] => rules.filter((rule) => rule !== 'data/split-overlap');
      assert.deepEqual([notRun(linted), others(comparedNothing(linted))], [[], others(nothing(stage, split))]);
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
    shown(found).join('\n'),
  );
  const [mix] = found;
  assert.ok(mix);
  // Ten points moved from one entry to the other.
  const [, actual, expected] =
    /^(?:popularity|global_random) has ([\d.]+) % .* leads to ([\d.]+) %$/.exec(render(mix.message)) ?? [];
  assert.ok(Math.abs(Math.abs(Number(actual) - Number(expected)) - 10) < 1, render(mix.message));
});
