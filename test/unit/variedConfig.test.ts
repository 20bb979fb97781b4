import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openConfig } from '../../src/project/stage/configSource.ts';
import { lastKey, variedConfig } from '../../src/project/trial/variedConfig.ts';

const text = `version: 1
stages:
  recall:
    negatives:
      exclude: {events: [click, view]}
      mix: {global_random: 1}
      "0": none
`;
const config = openConfig({ path: null, name: 'a.ratio.yaml', text, language: 'yaml', root: null });
const varied = (path: string, value: string): string => variedConfig(config, 'recall', path, value).source.text;

test('--vary sets an item of a list by its index, and a key that is a number', () => {
  assert.match(varied('negatives.exclude.events.1', 'like'), /events: \[click, like\]/);
  assert.match(varied('stages.recall.negatives.exclude.events.0', 'like'), /events: \[like, view\]/);
  assert.match(varied('negatives.0', 'some'), /"0": some/);
});

test('--vary names a key that cannot be set', () => {
  for (const path of ['negatives.exclude.events.2', 'negatives.exclude.events.first', 'negatives.mix..x', 'version.0'])
    assert.throws(
      () => varied(path, '1'),
      (error: Error) => error.message.includes(path),
      path,
    );
});

test('a config is named by the last key, and by its index if it has one', () => {
  assert.deepEqual(['negatives.per_positive', 'seed', 'negatives.exclude.events.0', 'a.0.b', ''].map(lastKey), [
    'per_positive',
    'seed',
    'events.0',
    'b',
    '',
  ]);
});
