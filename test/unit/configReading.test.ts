import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { applyChanges } from '../../src/core/config/edits.ts';
import type { ConfigLanguage } from '../../src/core/config/document.ts';
import { readConfig } from '../../src/core/config/read.ts';
import { MAX_PROBLEMS } from '../../src/core/config/reading/problems.ts';
import { changed, examples } from '../../src/core/policy/examples/example.ts';
import { keepingShortfalls } from '../../src/core/policy/examples/mixes.ts';
import { render } from '../../src/core/message/message.ts';
import { lintCase, shown } from './lintCase.ts';

const told = (text: string, language: ConfigLanguage = 'yaml'): string[] =>
  readConfig(text, { language }).problems.map(({ rule, message: said }) => `${rule} ${render(said)}`);
/** Findings of a changed config, from the document alone. */
const foundIn = (text: string): string[] => shown(lintCase({ text }, { level: 'none' }).findings);

describe('invalid texts', () => {
  for (const [name, text, expected] of [
    [
      'a tab as indentation',
      'version: 1\nstages:\n\trecall:\n\t\tunit: positive\n',
      /^config\/syntax YAML does not allow tabs for indentation/,
    ],
    ['an unknown alias', 'seed: *gone\n', /^config\/syntax There is no anchor &gone above$/],
    [
      'an alias within its anchor',
      'data: &a {items: *a}\n',
      /^config\/syntax \*a refers to a value that contains the alias itself$/,
    ],
    [
      'two documents',
      `${examples.recall}---\n${examples.recall}`,
      /^config\/syntax A config can have only one document/,
    ],
    ['the same key twice', `${examples.recall}seed: other\n`, /^config\/duplicate-key Duplicate key seed in this map/],
    ['a control character', 'version: 1\u0007\n', /^config\/syntax The control character U\+0007/],
    ['an open bracket', 'data: {items: {path: a\nseed: 1\n', /^config\/syntax /],
    ['an open quote', 'seed: "abc\n', /^config\/syntax A quote is not closed$/],
    ['nothing', '', /^config\/type The file is empty/],
    ['only comments', '# a\n# b\n', /^config\/type The file is empty/],
    ['a list', '- 1\n', /^config\/type A map is expected here/],
    ['a word', 'ver', /^config\/type A map is expected here/],
  ] as const) {
    test(name, () => {
      const all = told(text);
      assert.ok(
        all.some((one) => expected.test(one)),
        all.join('\n'),
      );
    });
  }

  test('half a character is reported at each place, used or not', () => {
    const [value, key] = ['"a\\ud800"', '"\\uDC00 \\ud83d\\ude00"'];
    const text = `{"version": 1, "seed": ${value}, "x": {"list": ["\\ud83d\\ude00", ${value}], ${key}: 1}}`;
    for (const language of ['yaml', 'json'] as const) {
      const halves = readConfig(text, { language }).problems.filter(({ message }) => /half/.test(render(message)));
      assert.deepEqual(
        halves.map(({ rule, span }) => [rule, text.slice(span.start, span.end)]),
        [value, value, key].map((place) => ['config/syntax', place]),
      );
      const [said] = halves.map(({ message }) => render(message));
      assert.equal(said, 'The text "a\\ud800" contains half a character (an unpaired surrogate)');
    }
  });

  test('CRLF, a lone CR and a BOM change nothing but places', () => {
    const text = changed('recall', ['global_random: 0.2', 'global_random: 0.3']);
    const [finding] = foundIn(text);
    for (const other of [text.replaceAll('\n', '\r\n'), text.replaceAll('\n', '\r'), `\uFEFF${text}`])
      assert.deepEqual(foundIn(other), [finding]);
    for (const text of Object.values(examples))
      for (const other of [text.replaceAll('\n', '\r\n'), `\uFEFF${text}`]) assert.deepEqual(foundIn(other), []);
    assert.deepEqual(told(`\uFEFF{"version": 1}`, 'json'), [
      'config/missing-key The keys data, events, stages are missing',
    ]);
  });

  test('a YAML bomb is cut off and reported once', () => {
    const many = Array.from({ length: 3000 }, (_, k) => `        y${k}: *shared\n`).join('');
    const where = `{${Array.from({ length: 2000 }, (_, k) => `c${k}: x`).join(', ')}}`;
    const text = changed('recall', [
      '        global_random: 0.2\n',
      `        global_random: &shared {source: global_random, share: 0.2, where: ${where}}\n${many}`,
    ]);
    assert.deepEqual(told(text), [
      'config/syntax The text is too large after its aliases are expanded. The rest is not read',
    ]);
  });

  test('unlimited nesting is reported in every style', () => {
    for (const text of [
      `a: ${'['.repeat(50_000)}`,
      `a: ${'{a: '.repeat(50_000)}`,
      '- '.repeat(50_000),
      Array.from({ length: 500 }, (_, k) => `${' '.repeat(k)}a:`).join('\n'),
    ]) {
      assert.ok(
        told(text).some((one) => one.startsWith('config/syntax Nested more than 64 levels deep')),
        text.slice(0, 20),
      );
    }
    assert.ok(
      told('{"a":'.repeat(50_000), 'json').some((one) =>
        one.startsWith('config/syntax Nested more than 64 levels deep'),
      ),
    );
  });

  test('after too many syntax errors reading stops, and the place is reported', () => {
    const text = '}{][:,\n'.repeat(20_000);
    const { problems } = readConfig(text, { language: 'yaml' });
    const left = problems.find(
      ({ message: said }) => render(said) === 'Too many errors: the text after this point is not read',
    );
    assert.ok(left && left.span.start > 0 && left.span.start < text.length / 10, 'most of the text is left');
    assert.ok(!told('}{\n'.repeat(100)).some((one) => one.includes('not read')), 'a hundred lines of it are read');
  });

  test('a megabyte is read, and a nonsense text gives a short list of problems', () => {
    const mix = Array.from(
      { length: 16_000 },
      (_, k) => `        entry_${k}: {source: global_random, share: 0.0000125, where: {a: b}}\n`,
    ).join('');
    const sound = changed('recall', ['        global_random: 0.2\n', mix], keepingShortfalls);
    assert.ok(sound.length > 1_000_000);
    const { config, problems } = readConfig(sound, { language: 'yaml' });
    assert.deepEqual(problems, []);
    assert.equal(Object.keys(config.stages?.recall?.negatives?.mix ?? {}).length, 16_004);
    assert.deepEqual(
      lintCase({ text: sound }, { level: 'none' })
        .findings.filter(({ severity }) => severity !== 'info')
        .map(({ rule }) => rule),
      [],
    );
    for (const piece of [
      '}{][:,\n',
      'a: {\n',
      'word\n',
      'abc: 1\n',
      '- a\n',
      '# x\n',
      ': ',
      ' ',
      '\n',
      'a: "\\n" ${',
    ]) {
      const text = piece.repeat(Math.ceil(30_000 / piece.length));
      assert.ok(told(text).length <= 2 * (MAX_PROBLEMS + 1), piece);
      assert.ok(told(text, 'json').length <= 2 * (MAX_PROBLEMS + 1), piece);
    }
  });
});

describe('invalid values', () => {
  const share = (value: string): string[] => told(changed('recall', ['global_random: 0.2', `global_random: ${value}`]));
  for (const [value, expected] of [
    ['"0.2"', 'config/type Remove the quotes around 0.2: they make it a string'],
    ['20%', 'config/type 20% is a string. Write it as the number 0.2'],
    ['12.5 %', 'config/type 12.5 % is a string. Write it as the number 0.125'],
    ['.inf', 'config/range Infinity is not a finite number'],
    ['-.inf', 'config/range -Infinity is not a finite number'],
    ['.nan', 'config/range NaN is not a finite number'],
    ['1e999', 'config/range Infinity is not a finite number'],
    ['-0.2', 'config/range -0.2 is below the minimum 0'],
    ['yes', 'config/type A number or a map is expected here'],
    ['[0.2]', 'config/type A number or a map is expected here'],
    ['', 'config/type A value is missing after the colon'],
    ['~', 'config/type A number or a map is expected here'],
    ['${x}', 'config/variable There is no variable x under vars'],
  ] as const) {
    test(`a share of ${value === '' ? 'nothing' : value}`, () => {
      assert.deepEqual(share(value), [expected]);
    });
  }

  test('a word or a day: both are named', () => {
    for (const value of ['banana', '2026-13-01'])
      assert.deepEqual(told(changed('recall', ['window: 7d', `window: 7d, as_of: ${value}`])), [
        'config/type A day or a time such as 2026-11-20, or one of these, is expected here: cut, day',
      ]);
  });

  test('a missing space after a colon is the only finding, and its fix works in every style', () => {
    for (const [spaced, unspaced, name] of [
      ['global_random: 0.2', 'global_random:0.2', 'global_random'],
      ['{share: 0.3, seen', '{share:0.3, seen', 'share'],
      ['    unit: positive', '    unit:positive', 'unit'],
      ['version: 1', 'version:1', 'version'],
      ['policy: recommended', 'policy:recommended', 'policy'],
      ['output: {', 'output:{', 'output'],
      ['seed: demo', 'seed:demo # why', 'seed'],
      ['path: ../data/items.parquet', 'path:"../data/my items.parquet"', 'path'],
      ['path: ../data/items.parquet', 'path:../data/my items.parquet', 'path'],
      ['where: {status: online}', 'where:\n      status:online', 'status'],
      ['where: {status: online}', 'where: status:online', 'status'],
      ['global_random: 0.2', 'global_random: share:0.2', 'share'],
    ] as const) {
      for (const lineEnd of ['\n', '\r\n']) {
        const text = changed('recall', [spaced, unspaced]).replaceAll('\n', lineEnd);
        const { problems } = readConfig(text, { language: 'yaml' });
        assert.deepEqual(
          problems.map(({ message: said }) => render(said)),
          [`A space is missing after the colon of ${name}`],
          unspaced,
        );
        const [fix] = problems[0]?.fixes ?? [];
        assert.ok(fix?.safe, unspaced);
        assert.deepEqual(told(applyChanges(text, fix.changes)), [], unspaced);
      }
    }
  });

  test('colons in addresses, times and names are accepted', () => {
    for (const [before, after] of [
      ['path: ../data/items.parquet', 'path:\n      s3://bucket/items.parquet'],
      ['global_random: 0.2', 'hot:new: {source: global_random, share: 0.2}'],
      ['seed: demo', "seed: 'a:b'"],
      ['seed: demo', 'seed: a:b'],
    ] as const) {
      assert.deepEqual(told(changed('recall', [before, after])), [], after);
    }
  });

  test('huge shares are a wrong sum, not an exception', () => {
    for (const value of ['1e300', '1.7976931348623157e308', '123456789012345678901234567890'])
      assert.match(
        foundIn(changed('recall', ['global_random: 0.2', `global_random: ${value}`])).join('\n'),
        /config\/share-sum/,
      );
  });

  test('an unknown source is reported with the nearest known one', () => {
    assert.match(
      foundIn(changed('recall', ['global_random: 0.2', 'globl_random: 0.2'])).join('\n'),
      /globl_random.*global_random/,
    );
    assert.deepEqual(told(changed('recall', ['source: rejected', 'source: rejectd'])), [
      'config/type rejectd is not known here. Did you mean rejected?',
    ]);
  });

  test('options under an unknown source are reported only if no source has them', () => {
    assert.deepEqual(
      told(
        changed('recall', [
          'exposed_unclicked: {share: 0.3, seen: viewed',
          'exposed_uncliked: {share: 0.3, sen: viewed',
        ]),
      ),
      ['config/unknown-key There is no key sen here'],
    );
    assert.deepEqual(
      told(changed('recall', ['source: rejected', 'source: rejectd'], ['exclude: none', 'exclude: none, seen: all'])),
      ['config/type rejectd is not known here. Did you mean rejected?'],
    );
  });

  test('integers beyond 2^53 are reported instead of rounded silently', () => {
    const [problem, ...more] = readConfig(changed('recall', ['seed: demo', 'seed: 9007199254740993']), {
      language: 'yaml',
    }).problems;
    assert.deepEqual(more, []);
    assert.equal(problem?.rule, 'config/range');
    assert.equal(render(problem.message), '9007199254740993 has too many digits to be stored exactly');
    assert.equal(
      readConfig(changed('recall', ['seed: demo', 'seed: "9007199254740993"']), { language: 'yaml' }).config.seed,
      '9007199254740993',
    );
  });

  test('names of JavaScript prototype members are accepted as names', () => {
    const { config } = readConfig('events: {__proto__: is_click, constructor: c, toString: s}\n', { language: 'yaml' });
    assert.deepEqual(Object.keys(config.events ?? {}), ['__proto__', 'constructor', 'toString']);
    assert.equal(Object.getPrototypeOf(config.events), Object.prototype);
  });
});

describe('variables', () => {
  const path = (vars: string, set: Readonly<Record<string, string>> = {}): unknown =>
    readConfig(`vars: ${vars}\ndata: {items: {path: 'a/\${dt}/\${x}.csv'}}\n`, { language: 'yaml', set }).config.data
      ?.items?.path;

  test('a variable is replaced by its value, and --set overrides it', () => {
    assert.equal(path('{dt: 2026-11-20, x: 007}'), 'a/2026-11-20/7.csv');
    assert.equal(path('{dt: 2026-11-20, x: "007"}'), 'a/2026-11-20/007.csv');
    assert.equal(path('{dt: 2026-11-20, x: 1}', { dt: '2026-11-21' }), 'a/2026-11-21/1.csv');
    assert.equal(path('{dt: 1}', { x: '12345678901234567890' }), 'a/1/12345678901234567890.csv');
  });

  test('a variable may use those above it; an unknown one is reported once', () => {
    assert.equal(path("{x: 1, dt: 'd${x}'}"), 'a/d1/1.csv');
    assert.deepEqual(told("vars: {dt: '${x}', x: 1}\n"), [
      'config/missing-key The keys version, data, events, stages are missing',
      'config/variable There is no variable x under vars',
    ]);
  });

  test('a value that is only a variable has the type of the variable', () => {
    assert.equal(readConfig('vars: {n: 10}\nepoch: ${n}\n', { language: 'yaml' }).config.epoch, 10);
    assert.equal(readConfig('epoch: ${n}\n', { language: 'yaml', set: { n: '3' } }).config.epoch, 3);
    assert.ok(told('vars: {n: ten}\nepoch: ${n}\n').includes('config/type A whole number is expected here'));
  });
});
