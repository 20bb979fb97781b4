import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { readConfig } from '../../src/core/config/read.ts';
import { declaredRoles } from '../../src/core/data/declaredRoles.ts';
import { recallExample } from '../../src/core/policy/examples/recall.ts';
import type { Finding } from '../../src/core/policy/finding.ts';
import type { Policy, RuleLevel } from '../../src/core/policy/policy.ts';
import { preset } from '../../src/core/policy/presets.ts';
import {
  maxExtends,
  policyByName,
  policyOfConfig,
  policyOfFile,
  type PolicyWorld,
  type ResolvedPolicy,
} from '../../src/core/policy/resolvePolicy.ts';
import { defineRule } from '../../src/core/policy/rule.ts';
import type { RuleId } from '../../src/core/policy/ruleId.ts';
import { rules } from '../../src/core/policy/rules.ts';
import { message, render } from '../../src/core/message/message.ts';
import { examples } from '../../src/core/policy/examples/example.ts';
import { shown } from './lintCase.ts';

const page = { summary: '', why: '', source: '', wrong: { text: '', reportedAt: '' }, right: { text: '' } };
const share = defineRule({
  id: 'recall/share',
  kind: 'config',
  severity: 'warning',
  stages: ['recall'],
  docs: page,
  check: () => [],
  options: {
    max: { kind: 'number', fallback: 0.5, min: 0, max: 1, doc: message('limit') },
    ranks: { kind: 'numbers', fallback: [101, 500], length: 2, min: 1, max: 1e6, doc: message('window') },
    names: { kind: 'texts', fallback: ['play_time'], doc: message('columns') },
  },
});
const note = defineRule({
  id: 'config/note',
  kind: 'config',
  severity: 'info',
  stages: 'document',
  docs: page,
  options: {},
  check: () => [],
});
const known = [share, note, ...rules];

/** Files of a workspace by absolute path. */
function world(
  files: Readonly<Record<string, string>> = {},
  more: Partial<PolicyWorld> = {},
): PolicyWorld & { readonly reads: string[] } {
  const reads: string[] = [];
  return {
    folder: '/w/configs',
    root: '/w',
    rules: known,
    reads,
    readText(path) {
      reads.push(path);
      const text = files[path];
      return text === undefined ? { failure: { code: 'not-found', message: message('not there') } } : { text };
    },
    ...more,
  };
}

function ofConfig(
  policy: string,
  files: Readonly<Record<string, string>> = {},
  more: Partial<PolicyWorld> = {},
): ResolvedPolicy {
  return policyOfConfig(readConfig(`version: 1\npolicy: ${policy}\n`, { language: 'yaml' }), world(files, more));
}
function told({ problems }: ResolvedPolicy): string[] {
  return problems.map(({ rule, message: text }) => `${rule} ${render(text)}`);
}
function level(policy: Policy, id: RuleId = 'recall/share'): Pick<RuleLevel, 'severity' | 'options'> {
  const { severity, options } = policy.level(id);
  return { severity, options };
}
const findingsIn = ({ files }: ResolvedPolicy): Record<string, string[]> =>
  Object.fromEntries(files.map(({ path, findings }) => [path, shown(findings as Finding[])]));

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

describe('a policy file', () => {
  const team = '/w/team.policy.yaml';

  test('is read relative to the config, and what it extends relative to itself', () => {
    const w = world({
      [team]: 'extends: policies/base.json\nrules:\n  recall/share: [error, {max: 0.3}]\n',
      '/w/policies/base.json':
        '{"extends": "strict", "rules": {"recall/share": ["info", {"max": 0.9, "ranks": [2, 3]}], "config/note": "error"}}',
    });
    const resolved = policyOfConfig(readConfig('policy: ../team.policy.yaml\n', { language: 'yaml' }), w);
    assert.deepEqual(told(resolved), []);
    assert.deepEqual(findingsIn(resolved), { [team]: [], '/w/policies/base.json': [] });
    assert.deepEqual(level(resolved.policy), { severity: 'error', options: { max: 0.3, ranks: [2, 3] } });
    assert.equal(resolved.policy.level('config/note').severity, 'error');
    assert.equal(resolved.policy.level('config/no-seed').severity, 'error', 'strict at the bottom');
    assert.equal(resolved.policy.name, team);
    assert.deepEqual(w.reads, [team, '/w/policies/base.json']);
    assert.deepEqual(resolved.requested, w.reads);
  });

  test('its mistakes are findings in it, not in the config', () => {
    const resolved = ofConfig('../team.policy.yaml', {
      [team]: 'extend: strict\nrules:\n  recall/shares: off\n  recall/share: [error, {max: 2}]\n  config/note: loud\n',
    });
    assert.deepEqual(told(resolved), []);
    const [list = []] = Object.values(findingsIn(resolved));
    assert.equal(list.length, 4, list.join('\n'));
    assert.match(list.join('\n'), /config\/unknown-key error 1:1-1:7 /);
    assert.match(list.join('\n'), /config\/unknown-key error 3:3-3:16 There is no rule recall\/shares/);
    assert.match(list.join('\n'), /config\/range error 4:31-4:32 2 is not between 0 and 1/);
    assert.match(list.join('\n'), /config\/type error 5:16-5:20 /);
    assert.deepEqual(level(resolved.policy), { severity: 'error', options: {} });
  });

  for (const [name, policy, files, expected] of [
    ['missing', '../team.policy.yaml', {}, 'config/path There is no policy file ../team.policy.yaml'],
    ['a preset with a slip', 'stritc', {}, 'config/path There is no policy file stritc. Did you mean strict?'],
    [
      'refused',
      '../../other.yaml',
      { '/other.yaml': 'extends: strict' },
      'config/path ../../other.yaml is outside of the workspace',
    ],
    [
      'an address',
      'https://example.org/p.yaml',
      {},
      'config/path https://example.org/p.yaml is an address; only files of the workspace are read',
    ],
    ['extending itself', '../team.policy.yaml', { [team]: 'extends: ./team.policy.yaml' }, null],
  ] as const) {
    test(`${name}: recommended applies`, () => {
      const resolved = ofConfig(policy, files);
      if (expected !== null) assert.deepEqual(told(resolved), [expected]);
      assert.equal(resolved.policy.level('config/no-seed').severity, 'warning');
    });
  }

  test('a circle is reported at the place that closes it', () => {
    const resolved = ofConfig('../a.yaml', { '/w/a.yaml': 'extends: b.yaml\n', '/w/b.yaml': 'extends: a.yaml\n' });
    assert.deepEqual(findingsIn(resolved), {
      '/w/a.yaml': [],
      '/w/b.yaml': ['config/path error 1:10-1:16 a.yaml extends itself: a.yaml → b.yaml → a.yaml'],
    });
  });

  test('a long chain is cut off', () => {
    const files = Object.fromEntries(
      Array.from({ length: 40 }, (_, k) => [`/w/${k}.yaml`, `extends: ${k + 1}.yaml\n`]),
    );
    const w = world(files);
    const resolved = policyOfConfig(readConfig('policy: ../0.yaml\n', { language: 'yaml' }), w);
    assert.equal(w.reads.length, maxExtends);
    assert.match(Object.values(findingsIn(resolved)).flat().join('\n'), /More than 10 policies extend one another/);
  });

  test('an unreadable file is reported with the reason', () => {
    const resolved = ofConfig(
      '../team.policy.yaml',
      {},
      {
        readText: () => ({ failure: { code: 'no-permission', message: message('No permission to read {0}', 'team') } }),
      },
    );
    assert.deepEqual(told(resolved), [
      'config/path The policy ../team.policy.yaml cannot be read: No permission to read team',
    ]);
  });

  test('a broken file, or one that is not a map, is reported and does not throw', () => {
    for (const text of [
      '',
      'a: [',
      '- 1',
      '"',
      'rules: 7',
      'extends: {a: 1}',
      '\uFEFFextends: strict',
      'x'.repeat(1_000_001),
    ]) {
      const resolved = ofConfig('../team.policy.yaml', { [team]: text });
      assert.ok(
        text.startsWith('\uFEFF') ||
          text.includes('a: [') ||
          resolved.files.every(({ findings }) => findings.length > 0) ||
          told(resolved).length > 0,
        text.slice(0, 20),
      );
    }
  });

  test('opened directly, it is linted together with its base', () => {
    const resolved = policyOfFile(
      '/w/configs/own.policy.yaml',
      'extends: ../team.policy.yaml\nrules: {recall/shar: off}\n',
      world({ [team]: 'rules: {recall/share: error}' }),
    );
    assert.equal(resolved.policy.level('recall/share').severity, 'error');
    assert.deepEqual(findingsIn(resolved), {
      '/w/configs/own.policy.yaml': [
        'config/unknown-key error 2:9-2:20 There is no rule recall/shar. Did you mean recall/share?',
      ],
      [team]: [],
    });
  });

  test('a config without a file cannot name a policy file', () => {
    assert.deepEqual(told(ofConfig('team.yaml', {}, { folder: null, root: null })), [
      'config/path A config that is not saved in a folder cannot refer to the policy file team.yaml',
    ]);
  });

  test('Windows paths work', () => {
    const resolved = policyOfConfig(
      readConfig("policy: '..\\team.policy.yaml'\n", { language: 'yaml' }),
      world({ 'C:\\w\\team.policy.yaml': 'extends: strict\n' }, { folder: 'C:\\w\\configs', root: 'c:\\W' }),
    );
    assert.deepEqual(told(resolved), []);
    assert.equal(resolved.policy.level('config/no-seed').severity, 'error');
  });
});

describe('--policy', () => {
  test('it takes a preset, or a file relative to the working folder', () => {
    assert.equal(policyByName('strict', world()).policy.name, 'strict');
    const resolved = policyByName(
      'ci.yaml',
      world({ '/c/ci.yaml': 'rules: {recall/share: off}' }, { folder: '/c', root: null }),
    );
    assert.equal(resolved.policy.level('recall/share').severity, 'off');
    assert.deepEqual(told(policyByName('none.yaml', world({}, { folder: '/c', root: null }))), [
      'config/path There is no policy file none.yaml',
    ]);
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
