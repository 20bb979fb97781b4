import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { render } from '../../src/core/message/message.ts';
import { readConfig } from '../../src/core/config/read.ts';
import { hasVariable } from '../../src/core/config/variables.ts';

/** The seed that a text gives, or the problem that it has. */
function seedOf(vars: string, seed: string, set: Readonly<Record<string, string>> = {}): unknown {
  const { config, problems } = readConfig(`version: 1\nvars: {${vars}}\nseed: ${seed}\n`, { language: 'yaml', set });
  const [problem] = problems.filter(({ rule }) => rule === 'config/variable');
  return problem ? render(problem.message) : config.seed;
}

describe('a day or a time of a variable', () => {
  for (const [vars, seed, expected] of [
    ['dt: 2026-11-20', '"${dt - 7d}"', '2026-11-13'],
    ['dt: 2026-03-01', 'a${dt-1d}b', 'a2026-02-28b'],
    ['dt: 2028-02-28', '${dt + 1d}', '2028-02-29'],
    ['dt: 2026-11-20', '${dt:yyyyMMdd}', '20261120'],
    ['dt: 2026-11-20', 'x/${dt - 30d:yyyy/MM/dd}', 'x/2026/10/21'],
    ['dt: 2026-11-20', '${ dt  +  1d : dd.MM.yyyy }', '21.11.2026'],
    // Eight digits stay eight digits, and a number stays a number.
    ['dt: "20261120"', '${dt - 20d}', '20261031'],
    ['dt: 20261120', '${dt + 11d}', 20261201],
    ['dt: 20261120', '${dt:yyyy-MM-dd}', '2026-11-20'],
    ['t: "2026-11-20T00:30:00"', '${t - 1h}', '2026-11-19T23:30:00'],
    ['t: "2026-11-20 10:00"', '${t + 90m}', '2026-11-20 11:30'],
    ['t: "2026-11-20T10:00:00.123456789+08:00"', '${t - 12h}', '2026-11-19T22:00:00.123456789+08:00'],
    ['t: "2026-11-20T10:05:07Z"', '${t:HHmmss}', '100507'],
    // A variable may use those above it, also moved.
    ['dt: 2026-11-20, first: "${dt - 6d}"', '${first:yyyyMMdd}', '20261114'],
    // The name of a variable is nothing else.
    ['dt: 2026-11-20, "dt - 7d": other', '"${dt - 7d}"', 'other'],
    ['"a:b": 1', '"${a:b}"', 1],
  ] as const) {
    test(`${vars}: ${seed}`, () => {
      assert.equal(seedOf(vars, seed), expected);
    });
  }

  test('--set is moved like the value that it overrides', () => {
    assert.equal(seedOf('dt: 2026-11-20', '${dt - 1d:yyyyMMdd}', { dt: '2026-01-01' }), '20251231');
  });
});

describe('what cannot be moved or formatted is named', () => {
  for (const [vars, seed, expected] of [
    [
      'n: 10',
      '${n - 1d}',
      /The variable n is 10\. Only a day or a time, such as 2026-11-20, can be moved or formatted/,
    ],
    ['dt: 2026-02-30', '${dt - 1d}', /The variable dt is 2026-02-30\. Only a day/],
    ['dt: 2026-11-20', '${dt - 6h}', /The variable dt is a day: move it by whole days, such as 7d/],
    ['dt: 2026-11-20', '${dt - 7w}', /7w is not a duration/],
    ['dt: 2026-11-20', '${dt:YYYYMMDD}', /YYYYMMDD is not a format: it consists of yyyy, MM, dd, HH, mm, ss/],
    ['dt: 2026-11-20', '${dt:}', / is not a format/],
    ['dt: 2026-11-20', '${dt - 9999999d}', /not between the years/],
    ['dt: 2026-11-20', '${day - 7d}', /There is no variable day under vars/],
    ['dt: 2026-11-20', '"${}"', /There is no variable {2}under vars/],
  ] as const) {
    test(`${vars}: ${seed}`, () => {
      assert.match(String(seedOf(vars, seed)), expected);
    });
  }
});

test('a variable is used where it is moved or formatted', () => {
  const { document } = readConfig('version: 1\nseed: ${dt - 7d:yyyyMMdd}\n', { language: 'yaml' });
  assert.deepEqual([hasVariable(document, 'dt'), hasVariable(document, 'd')], [true, false]);
});

test('a day moved and moved back is the same day', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 40_000 }), fc.integer({ min: 0, max: 9000 }), (day, days) => {
      const text = new Date(Date.UTC(1990, 0, 1) + day * 86_400_000).toISOString().slice(0, 10);
      assert.equal(seedOf(`a: ${text}, b: "\${a + ${days}d}"`, `\${b - ${days}d}`), text);
    }),
  );
});
