import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { readConfig } from '../../src/core/config/read.ts';
import { declaredRoles } from '../../src/core/data/declaredRoles.ts';
import { recallExample } from '../../src/core/policy/examples/recall.ts';
import { preset } from '../../src/core/policy/presets.ts';
import { policyOfConfig } from '../../src/core/policy/resolvePolicy.ts';
import { examples } from '../../src/core/policy/examples/example.ts';
import { known, level, ofConfig, told, world } from './policyWorld.ts';

describe('presets', () => {
  test('strict makes warnings errors, and nothing else', () => {
    for (const { id, severity } of known) {
      assert.equal(preset('recommended', known).level(id).severity, severity);
      assert.equal(preset('strict', known).level(id).severity, severity === 'warning' ? 'error' : severity);
    }
  });

  test('a config without a policy has the recommended one', () => {
    const { policy, problems } = policyOfConfig(readConfig('version: 1\n', { language: 'yaml' }), world());
    assert.equal(policy.name, 'recommended');
    assert.deepEqual(problems, []);
  });
});

describe('a policy in the config', () => {
  test('sets severities and options over what it extends', () => {
    const { policy, problems } = ofConfig(
      '{extends: strict, rules: {recall/share: [info, {max: 0.7, ranks: [1, 9], names: [dwell]}], config/note: off}}',
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(level(policy), { severity: 'info', options: { max: 0.7, ranks: [1, 9], names: ['dwell'] } });
    assert.equal(policy.level('config/note').severity, 'off');
    assert.equal(policy.level('config/unit').severity, 'error');
    assert.equal(policy.level('config/no-seed').severity, 'error', 'of strict');
  });

  for (const [name, rulesText, expected] of [
    [
      'an unknown rule',
      '{recall/shar: off}',
      ['config/unknown-key There is no rule recall/shar. Did you mean recall/share?'],
    ],
    [
      'an unknown rule without a similar one',
      '{other/thing-that-is-not: off}',
      ['config/unknown-key There is no rule other/thing-that-is-not'],
    ],
    [
      'an unknown option',
      '{recall/share: [error, {maxx: 0.1}]}',
      ['config/unknown-key recall/share has no option maxx. Did you mean max?'],
    ],
    [
      'an option of a rule without options',
      '{config/note: [error, {max: 1}]}',
      ['config/unknown-key config/note has no option max'],
    ],
    ['an option out of its range', '{recall/share: [error, {max: 1.5}]}', ['config/range 1.5 is not between 0 and 1']],
    ['an option of the wrong kind', '{recall/share: [error, {max: high}]}', ['config/type A number is expected here']],
    [
      'a list of a wrong length',
      '{recall/share: [error, {ranks: [1]}]}',
      ['config/range A list of 2 numbers is expected here'],
    ],
    [
      'a list with one number out of range',
      '{recall/share: [error, {ranks: [0, 5]}]}',
      ['config/range 0 is not between 1 and 1000000'],
    ],
    [
      'a list of texts where numbers belong',
      '{recall/share: [error, {ranks: [a, b]}]}',
      ['config/type A list of 2 numbers is expected here'],
    ],
    [
      'a number where names belong',
      '{recall/share: [error, {names: [1]}]}',
      ['config/type A list of names is expected here'],
    ],
    [
      'options before the severity',
      '{recall/share: [{max: 0.5}, error]}',
      ['config/type Write the severity first, then the options: [warning, {option: value}]'],
    ],
    [
      'two severities',
      '{recall/share: [error, info]}',
      ['config/type Write the severity first, then the options: [warning, {option: value}]'],
    ],
    [
      'names of JavaScript',
      '{constructor: off, __proto__: off}',
      ['config/unknown-key There is no rule constructor', 'config/unknown-key There is no rule __proto__'],
    ],
  ] as const) {
    test(name, () => {
      const resolved = ofConfig(`{rules: ${rulesText}}`);
      assert.deepEqual(told(resolved), expected);
      for (const { span } of resolved.problems) assert.ok(span.end > span.start);
    });
  }

  test('an invalid option is ignored; other options and the severity apply', () => {
    const { policy } = ofConfig('{rules: {recall/share: [error, {max: 7, ranks: [1, 2]}]}}');
    assert.deepEqual(level(policy), { severity: 'error', options: { ranks: [1, 2] } });
  });
});

test('property: any map resolves without an exception, and a configured severity applies', () => {
  const severity = fc.constantFrom('error', 'warning', 'info', 'off');
  const option = fc.oneof(
    fc.double({ noNaN: true, min: -2, max: 2 }),
    fc.string(),
    fc.boolean(),
    fc.array(fc.oneof(fc.integer(), fc.string()), { maxLength: 3 }),
  );
  const setting = fc.oneof(
    severity,
    fc.tuple(severity),
    fc.tuple(
      severity,
      fc.dictionary(fc.oneof(fc.constantFrom('max', 'ranks', 'names'), fc.string()), option, { maxKeys: 4 }),
    ),
  );
  fc.assert(
    fc.property(
      fc.dictionary(fc.oneof(fc.constantFrom<string>(...known.map(({ id }) => id)), fc.string()), setting, {
        maxKeys: 6,
      }),
      (map) => {
        const { policy } = policyOfConfig(
          readConfig(JSON.stringify({ version: 1, policy: { rules: map } }), { language: 'json' }),
          world(),
        );
        for (const { id } of known) {
          const own = Object.hasOwn(map, id) ? map[id] : undefined;
          const { severity: held, options, set } = policy.level(id);
          if (own === undefined) assert.equal(set, false);
          if (typeof own === 'string') assert.equal(held, own);
          if (id === 'recall/share' && typeof options['max'] === 'number')
            assert.ok(options['max'] >= 0 && options['max'] <= 1);
        }
      },
    ),
  );
});

test('property: a chain of files is the same as its layers in one', () => {
  const layer = fc.record({
    severity: fc.constantFrom('error', 'warning', 'info', 'off'),
    max: fc.option(fc.double({ noNaN: true, min: 0, max: 1 }), { nil: undefined }),
  });
  fc.assert(
    fc.property(fc.array(layer, { minLength: 1, maxLength: 8 }), (layers) => {
      const files = Object.fromEntries(
        layers.map(({ severity, max }, k) => [
          `/w/configs/${k}.json`,
          JSON.stringify({
            extends: k + 1 < layers.length ? `${k + 1}.json` : 'recommended',
            rules: { 'recall/share': max === undefined ? severity : [severity, { max }] },
          }),
        ]),
      );
      const held = ofConfig('0.json', files).policy.level('recall/share');
      assert.equal(held.severity, layers[0]?.severity);
      assert.equal(held.options['max'], layers.find(({ max }) => max !== undefined)?.max);
    }),
  );
});

test('the examples have no problem of their policy', () => {
  for (const text of Object.values(examples))
    assert.deepEqual(told(policyOfConfig(readConfig(text, { language: 'yaml' }), world())), []);
});

test('the roles that a config declares for a data set, with the place of each name', () => {
  const { config, document } = readConfig(recallExample, { language: 'yaml' });
  const lineOf = (text: string): number => recallExample.slice(0, recallExample.indexOf(text)).split('\n').length - 1;
  const line = lineOf('columns: {user: user_id, attributes: [region');
  assert.deepEqual(
    declaredRoles(config, 'users').map(({ name, role, path }) => [
      name,
      role,
      document.lines.range(document.locate(path).span).start.line,
    ]),
    [
      ['user_id', 'user', line],
      ['region', 'attribute', line],
      ['activity', 'attribute', line],
    ],
  );
  assert.deepEqual(
    declaredRoles(config, 'samples.recall').map(({ role }) => role),
    ['user', 'item', 'label', 'source', 'positive-item', 'time', 'log-q'],
  );
});
