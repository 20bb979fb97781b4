import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readConfig } from '../../src/core/config/read.ts';
import { MAX_EXTENDS, policyByName, policyOfConfig, policyOfFile } from '../../src/core/policy/resolvePolicy.ts';
import { message } from '../../src/core/message/message.ts';
import { findingsIn, level, ofConfig, told, world } from './policyWorld.ts';

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
    assert.equal(w.reads.length, MAX_EXTENDS);
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
