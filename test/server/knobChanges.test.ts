import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ConfigLanguage } from '../../src/core/config/document.ts';
import { applyChanges } from '../../src/core/config/edits.ts';
import { stageViews, type StageView } from '../../src/core/config/entries.ts';
import { readConfig } from '../../src/core/config/read.ts';
import { coarseExample } from '../../src/core/policy/examples/coarse.ts';
import { fineExample } from '../../src/core/policy/examples/fine.ts';
import { recallExample } from '../../src/core/policy/examples/recall.ts';
import type { Knob } from '../../src/protocol/preview.ts';
import { knobsOf, knobChanges } from '../../src/server/sampling/knobChanges.ts';

// Tests the numbers of a config that sliders change, and the resulting edits.
function stageOf(
  text: string,
  language: ConfigLanguage = 'yaml',
): { readonly view: StageView; readonly document: ReturnType<typeof readConfig>['document'] } {
  const { config, document } = readConfig(text, { language });
  const [view] = stageViews(config);
  assert.ok(view);
  return { view, document };
}
function knobs(text: string, language?: ConfigLanguage): Knob[] {
  const { view, document } = stageOf(text, language);
  return knobsOf(view, document);
}
function turn(
  text: string,
  values: readonly { readonly id: string; readonly value: number }[],
  language?: ConfigLanguage,
): string | null {
  const { view, document } = stageOf(text, language);
  const changes = knobChanges(values, view, document);
  return changes && applyChanges(text, changes);
}
const named = ({ kind, entry, value }: Knob): string => `${entry ?? ''} ${kind} ${value}`.trim();
function knob(text: string, entry: string | null, kind: Knob['kind']): Knob {
  return knobs(text).find((one) => one.entry === entry && one.kind === kind) ?? assert.fail(`${entry ?? ''} ${kind}`);
}

test('knobs come in the order of the text, each at its number', () => {
  assert.deepEqual(knobs(recallExample).map(named), [
    'perGroup 10',
    'exposed_unclicked share 0.3',
    'popularity share 0.4',
    'popularity exponent 0.75',
    'global_random share 0.2',
    'same_city share 0.05',
    'host_refused share 0.05',
  ]);
  assert.deepEqual(knobs(coarseExample).map(named), [
    'exposed_unclicked count 10',
    'ranked_unexposed count 10',
    'coarse_filtered count 40',
  ]);
  assert.deepEqual(knobs(fineExample).map(named), ['downsample 0.1']);
  const lines = recallExample.split('\n');
  for (const { value, range } of knobs(recallExample))
    assert.equal(lines[range.start.line]?.slice(range.start.character, range.end.character), String(value));
});

test('a knob knows its source and its family', () => {
  const { source, family, min, max, step } = knob(recallExample, 'host_refused', 'share');
  assert.deepEqual(
    { source, family, min, max, step },
    { source: 'rejected', family: 'rejected', min: 0, max: 1, step: 0.01 },
  );
});

test('the range of a whole number always has space above its value', () => {
  for (const [value, max] of [
    [1, 20],
    [19, 20],
    [20, 100],
    [4000, 10_000],
  ]) {
    const found = knob(recallExample.replace('per_positive: 10', `per_positive: ${value}`), null, 'perGroup');
    assert.deepEqual([found.min, found.max, found.step], [1, max, 1]);
  }
});

test('setting a knob changes only its number; comments and layout are kept', () => {
  const text = recallExample.replace('popularity: {share: 0.4,', 'popularity: {share:   0.40, # popular\n          ');
  const made = turn(text, [{ id: knob(text, 'popularity', 'share').id, value: 0.35 }]);
  assert.equal(made, text.replace('0.40, # popular', '0.35, # popular'));
});

test('several knobs are set in one step, in JSON too', () => {
  const json = JSON.stringify(
    {
      version: 1,
      stages: {
        recall: {
          unit: 'positive',
          positives: { events: { click: 1 } },
          negatives: {
            per_positive: 4,
            mix: { global_random: 0.5, exposed_unclicked: { share: 0.5, seen: 'viewed' } },
          },
        },
      },
    },
    null,
    2,
  );
  const [total, first, second] = knobs(json, 'json');
  assert.ok(total && first && second);
  const made = turn(
    json,
    [
      { id: total.id, value: 6 },
      { id: first.id, value: 0.25 },
      { id: second.id, value: 0.75 },
    ],
    'json',
  );
  assert.equal(
    made,
    json
      .replace('"per_positive": 4', '"per_positive": 6')
      .replace('"global_random": 0.5', '"global_random": 0.25')
      .replace('"share": 0.5', '"share": 0.75'),
  );
});

test('any position writes an allowed value that reads back as the knob', () => {
  const all = [recallExample, coarseExample, fineExample].flatMap((text) =>
    knobs(text).map((one) => [text, one] as const),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...all),
      fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }),
      ([text, { id }], value) => {
        const made = turn(text, [{ id, value }]);
        assert.ok(made !== null);
        const before = readConfig(text, { language: 'yaml' }).problems.length;
        assert.equal(readConfig(made, { language: 'yaml' }).problems.length, before, made);
        const after = knobs(made).find((one) => one.id === id);
        assert.ok(after && after.value >= 0);
      },
    ),
  );
});

test('setting a knob to its current value changes nothing', () => {
  assert.equal(
    turn(
      recallExample,
      knobs(recallExample).map(({ id, value }) => ({ id, value })),
    ),
    recallExample,
  );
});

test('a removed knob, or a value that is not a number, is not set', () => {
  const { id } = knob(recallExample, 'global_random', 'share');
  assert.equal(turn(recallExample.replace('        global_random: 0.2\n', ''), [{ id, value: 0.1 }]), null);
  assert.equal(turn(recallExample, [{ id, value: Number.NaN }]), null);
});

test('a number from a variable or an alias is not a knob, because it is also used elsewhere', () => {
  const variable = recallExample
    .replace('global_random: 0.2', 'global_random: ${share}')
    .replace('events:\n  click', 'vars: {share: 0.2}\nevents:\n  click');
  assert.deepEqual(
    knobs(variable).filter(({ entry }) => entry === 'global_random'),
    [],
  );
  const alias = recallExample
    .replace(
      'same_city: {source: same_attribute, match: [city], share: 0.05}',
      'same_city: {source: same_attribute, match: [city], share: &small 0.05}',
    )
    .replace('source: rejected, share: 0.05', 'source: rejected, share: *small');
  assert.deepEqual(
    knobs(alias).map(({ entry }) => entry),
    [null, 'exposed_unclicked', 'popularity', 'popularity', 'global_random', 'same_city'],
  );
});

test('the length of each sequence has a slider, up to the longest that the language allows', () => {
  const text = fineExample.replace(
    'output: {',
    'output: {sequences: {clicks: {events: [click], length: 6000}, half: {events: [click]}}, ',
  );
  const { id, min, max, step } = knob(text, 'clicks', 'length');
  assert.deepEqual({ min, max, step }, { min: 1, max: 10_000, step: 1 });
  assert.ok(!knobs(text).some(({ entry }) => entry === 'half'));
  assert.match(turn(text, [{ id, value: 70_000 }]) ?? '', /length: 10000/);
});

test('the delay of a sequence has a slider in the unit of its text', () => {
  const sequences = {
    day: { events: ['click'], length: 6, available_after: '6h' },
    none: { events: ['click'], length: 6 },
  };
  const yaml = fineExample.replace(
    'output: {',
    'output: {sequences: {day: {events: [click], length: 6, available_after: 6h}, none: {events: [click], length: 6}}, ',
  );
  const { id, value, unit, min, max, step } = knob(yaml, 'day', 'delay');
  assert.deepEqual({ value, unit, min, max, step }, { value: 6, unit: 'h', min: 0, max: 20, step: 1 });
  assert.ok(!knobs(yaml).some(({ entry, kind }) => entry === 'none' && kind === 'delay'));
  assert.equal(turn(yaml, [{ id, value: 8 }]), yaml.replace('6h', '8h'));
  assert.match(turn(yaml, [{ id, value: -1 }]) ?? '', /available_after: 0h/);
  const config = {
    data: { impressions: { path: 'log.parquet', columns: { user: 'u', item: 'i', time: 't' } } },
    events: { click: 'clicked' },
    stages: { fine_ranking: {} },
    output: { sequences },
  };
  const json = JSON.stringify(config, null, 2);
  assert.equal(turn(json, [{ id, value: 8 }], 'json'), json.replace('"6h"', '"8h"'));
});

test('a delay from a variable, or of an invalid form, is not a knob', () => {
  for (const delay of ['${delay}', '1.5h', '6 h', '90'])
    assert.ok(
      !knobs(
        fineExample.replace(
          'output: {',
          `output: {sequences: {a: {events: [click], length: 6, available_after: "${delay}"}}, `,
        ),
      ).some(({ kind }) => kind === 'delay'),
      delay,
    );
});
