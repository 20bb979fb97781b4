import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Completion } from '../../src/core/config/assist/completion.ts';
import { completions } from '../../src/core/config/assist/completions.ts';
import { contextAt } from '../../src/core/config/assist/context.ts';
import { hoverAt } from '../../src/core/config/assist/hover.ts';
import type { Known } from '../../src/core/config/assist/known.ts';
import { ConfigDocument, type ConfigLanguage } from '../../src/core/config/document.ts';
import { readConfig } from '../../src/core/config/read.ts';
import { changed } from '../../src/core/policy/examples/example.ts';
import { message, render } from '../../src/core/message/message.ts';

const impressions = [
  { name: 'ts', typeName: 'timestamp', role: 'time' },
  { name: 'user_id', typeName: 'int64', role: 'user' },
  { name: 'is_click', typeName: 'bool', role: null },
];
const known: Known = {
  columns: (dataset) =>
    dataset === 'impressions'
      ? impressions
      : dataset === 'items'
        ? [{ name: 'city', typeName: 'string', role: null }]
        : null,
  paths: (prefix) => ['../data/items.parquet', '../data/users.parquet'].filter((path) => path.startsWith(prefix)),
  rules: [{ id: 'recall/random-only', summary: message('Every negative is random') }],
};

/** A text and its cursor position, written as ¦. */
function cursorIn(marked: string): {
  readonly text: string;
  readonly offset: number;
  readonly language: ConfigLanguage;
} {
  const offset = marked.indexOf('¦');
  assert.ok(offset >= 0 && marked.indexOf('¦', offset + 1) < 0, 'one cursor');
  return { text: marked.replace('¦', ''), offset, language: marked.startsWith('{') ? 'json' : 'yaml' };
}

function proposed(marked: string): readonly Completion[] {
  const { text, offset, language } = cursorIn(marked);
  const context = contextAt(new ConfigDocument(text, language), offset);
  return context ? completions(context, known) : [];
}

/** The lines of the completion list: the name and its detail. */
const offered = (marked: string): string[] =>
  proposed(marked).map(({ label, detail }) => (detail === '' ? label : `${label}  ${detail}`));

/** The cursor's line after a completion is accepted; placeholders are in ‹ ›. */
function taken(marked: string, label: string): string {
  const { text } = cursorIn(marked);
  const found = proposed(marked).find((one) => one.label === label);
  assert.ok(found, `${label} is not among ${offered(marked).join(', ')}`);
  const typed = found.snippet.replace(
    /\\([\\$}])|\$\{\d+\|([^}]*)\|\}|\$\{\d+:((?:\\.|[^}\\])*)\}|\$\d/g,
    (_, sign?: string, choices?: string, example?: string) =>
      sign ?? `‹${choices ?? example?.replace(/\\(.)/g, '$1') ?? ''}›`,
  );
  const after = text.slice(0, found.span.start) + typed + text.slice(found.span.end);
  const start = text.lastIndexOf('\n', found.span.start - 1) + 1;
  const next = text.slice(found.span.end).indexOf('\n');
  return after.slice(start, next < 0 ? after.length : after.length - (text.length - found.span.end - next)).trim();
}

/** The recall example with one change. */
const recall = (from: string, to: string): string => changed('recall', [from, to]);

describe('completion', () => {
  test('required keys come first, and existing keys are not offered', () => {
    assert.deepEqual(
      proposed('version: 1\n¦').map(({ label }) => label),
      ['data', 'events', 'stages', 'seed', 'epoch', 'vars', 'timezone', 'window', 'output', 'policy'],
    );
  });

  test('a key comes with placeholders for its values', () => {
    assert.equal(taken('ver¦', 'version'), 'version: 1');
    assert.equal(taken('version: 1\n¦', 'epoch'), 'epoch: ‹0›');
    assert.equal(
      taken(recall('{loss: sampled_softmax, ', '{¦, '), 'loss'),
      'training: {loss: ‹sampled_softmax,softmax,pointwise,pairwise›, logq: shares, in_batch: {batch_size: 1024, weight: 0.3}}',
    );
    assert.equal(taken('version: 1\n¦', 'data'), 'data:\n  ‹›');
    assert.equal(taken('data: {¦}', 'items'), 'data: {items: {‹›}}');
  });

  test('completing a key before its colon changes only the key', () => {
    assert.equal(
      taken(recall('exponent: 0.75', 'exp¦: 0.75'), 'exponent'),
      'popularity: {share: 0.4, exponent: 0.75, count: click, window: 7d, group_by: region}',
    );
  });

  test('completing before an existing key inserts a key and keeps the next one', () => {
    const popularity = (inner: string): string =>
      recall('share: 0.4, exponent: 0.75, count: click, window: 7d, group_by: region', inner);
    assert.equal(
      taken(popularity('share: 0.4, ¦ exponent: 0.75'), 'smoothing'),
      'popularity: {share: 0.4, smoothing: ‹0›, exponent: 0.75}',
    );
    assert.equal(
      taken(popularity('share: 0.4, ¦exponent: 0.75'), 'smoothing'),
      'popularity: {share: 0.4, smoothing: ‹0›, exponent: 0.75}',
    );
    assert.equal(taken(popularity('¦share: 0.4'), 'smoothing'), 'popularity: {smoothing: ‹0›, share: 0.4}');
    assert.equal(taken(popularity('smo¦ "share": 0.4'), 'smoothing'), 'popularity: {smoothing: ‹0›, "share": 0.4}');
    assert.equal(taken(popularity('\n            ¦\n            share: 0.4'), 'smoothing'), 'smoothing: ‹0›,');
    assert.equal(
      taken(popularity('share: 0.4,\n            ¦\n            exponent: 0.75'), 'smoothing'),
      'smoothing: ‹0›,',
    );
    assert.ok(
      !offered(popularity('share: 0.4, ¦ exponent: 0.75')).some((one) => one.startsWith('exponent')),
      'a key that follows is there already',
    );
    assert.deepEqual(
      offered(recall('{source: same_attribute, match: [city]', '{¦ source: same_attribute, match: [city]')).slice(0, 1),
      ['weight  uniform'],
      'the source behind the cursor counts',
    );

    assert.equal(
      taken(recall('    unit: positive\n', '    ¦\n    unit: positive\n'), 'approach'),
      'approach: ‹distillation,cascade,mixed›',
    );
    assert.equal(taken('version: 1\n¦\nstages: {}\n', 'seed'), 'seed: ‹›');
    assert.equal(taken('version: 1\n¦stages: {}\n', 'seed'), 'seed: ‹›\nstages: {}');
    assert.equal(taken('version: 1\nse¦ stages: {}\n', 'seed'), 'seed: ‹›\nstages: {}');
    assert.equal(taken('¦version: 1\n', 'seed'), 'seed: ‹›\nversion: 1');
    assert.equal(taken('¦"version": 1\n', 'seed'), 'seed: ‹›\n"version": 1');
    assert.deepEqual(
      offered(recall('    unit: positive\n', '  ¦  unit: positive\n')),
      [],
      'within the indentation of a key no other begins',
    );

    assert.equal(taken('{¦"stages": {}}', 'version'), '{"version": 1, "stages": {}}');
    assert.equal(taken('{"seed": 1, ¦ "stages": {}}', 'version'), '{"seed": 1, "version": 1, "stages": {}}');
    assert.equal(taken('{\n  ¦\n  "stages": {}}', 'version'), '"version": 1,');
    assert.equal(taken('{"seed": 1, ¦, "stages": {}}', 'version'), '{"seed": 1, "version": 1, "stages": {}}');
  });

  test('completing before a list item inserts an item', () => {
    assert.equal(
      taken(recall('exclude: {events: [click]', 'exclude: {events: [¦ click]'), 'long_play'),
      recall('exclude: {events: [click]', 'exclude: {events: [long_play, click]')
        .split('\n')
        .find((line) => line.includes('[long_play, click]'))
        ?.trim(),
    );
    assert.equal(
      taken('events: {a: x, b: y}\nstages: {recall: {negatives: {exclude: {events: [a, ¦impressions]}}}}', 'b'),
      'stages: {recall: {negatives: {exclude: {events: [a, b, impressions]}}}}',
    );
    assert.equal(
      taken(
        '{"events": {"a": 1}, "stages": {"recall": {"negatives": {"exclude": {"events": [¦ "impressions"]}}}}}',
        'a',
      ),
      '{"events": {"a": 1}, "stages": {"recall": {"negatives": {"exclude": {"events": ["a", "impressions"]}}}}}',
    );
  });

  test('sources have their common names and the options they require', () => {
    const marked = recall('        global_random: 0.2\n', '        ¦\n');
    assert.deepEqual(offered(marked).slice(0, 3), [
      'global_random  全局随机 · RNS',
      'exposed_random  曝光数据随机',
      'same_attribute  业务逻辑 · 同城',
    ]);
    assert.equal(taken(marked, 'global_random'), 'global_random: ‹0.1›');
    assert.equal(taken(marked, 'same_attribute'), 'same_attribute: {share: ‹0.1›, match: ‹[city]›‹›}');
    assert.deepEqual(offered(recall('source: same_attribute', 'source: ¦')).slice(0, 2), [
      'exposed_unclicked  曝光未点击',
      'global_random  全局随机 · RNS',
    ]);
  });

  test('keys of an entry: those of its source', () => {
    assert.deepEqual(
      offered(recall('source: same_attribute, match: [city], share: 0.05', 'source: hard_rank, ¦, share: 0.05')),
      ['ranks  [101, 500]', 'channel  i2i', 'exclude  {events: [click], within: train, lookback: 30d}'],
    );
    assert.deepEqual(offered(recall('source: same_attribute, match: [city], share: 0.05', 'source: globl, ¦')), [
      'share  0.3',
      'exclude  {events: [click], within: train, lookback: 30d}',
    ]);
  });

  test('enumerated values are offered with their meaning', () => {
    const units = proposed(recall('unit: positive', 'unit: ¦'));
    assert.deepEqual(
      units.map(({ label, doc }) => `${label}: ${doc.map((one) => render(one)).join(' ')}`),
      [
        'positive: One group per positive event',
        'request: One group per request',
        'impression: One row per impression; nothing is drawn',
      ],
    );
    assert.deepEqual(offered(recall('logq: shares', 'logq: ¦')), ['shares', 'corpus', 'true', 'false']);
    assert.deepEqual(offered(recall('seen: viewed', 'seen: ¦')), ['all', 'viewed', 'above_last_click+2']);
    assert.deepEqual(offered(recall('window: 7d', 'as_of: ¦')), [
      'cut',
      'day',
      '2026-11-01',
      '2026-11-20',
      '2026-11-21',
    ]);
    for (const list of ['group_by: ¦', 'group_by: [¦]', 'group_by: [region, ¦]'])
      assert.ok(offered(recall('group_by: region', list)).includes('activity'), list);
  });

  test('the default of a number is offered, marked as default', () => {
    assert.deepEqual(
      proposed('epoch: ¦').map(({ label, doc }) => [label, ...doc.map((one) => render(one))]),
      [['0', 'Default: 0']],
    );
  });

  test('completing right after the colon inserts a space', () => {
    assert.equal(taken(recall('unit: positive', 'unit:¦'), 'request'), 'unit: request');
  });

  test('columns of the data files with their types, that of the role first', () => {
    assert.deepEqual(offered('data:\n  impressions:\n    columns: {user: ¦}'), [
      'user_id  int64',
      'ts  timestamp',
      'is_click  bool',
      '{column}',
    ]);
    assert.deepEqual(offered('data:\n  impressions:\n    columns: {time: ¦}').slice(0, 2), [
      'ts  timestamp',
      'user_id  int64',
    ]);
    assert.deepEqual(offered('data:\n  users:\n    columns: {user: ¦}'), ['{column}'], 'nobody has read these files');
    assert.deepEqual(offered(recall('  click: is_click', '  click: ¦')).slice(0, 3), [
      'ts  timestamp',
      'user_id  int64',
      'is_click  bool',
    ]);
    assert.deepEqual(offered(recall('where: {status: online}', 'where: {¦}')), ['city  string']);
  });

  test('names that the config itself declares: events, entries, attributes, variables', () => {
    assert.deepEqual(offered(recall('events: {click: 1, long_play: 2}', 'events: {click: 1, ¦}')), ['long_play']);
    assert.deepEqual(offered(recall('exclude: {events: [click]', 'exclude: {events: [click, ¦]')), [
      'long_play',
      'impressions',
    ]);
    assert.deepEqual(offered(recall('      per_positive: 10\n', '      per_positive: 10\n      refill_from: ¦\n')), [
      'exposed_unclicked',
      'popularity',
      'global_random',
      'same_city',
      'host_refused',
    ]);
    assert.deepEqual(offered(recall('match: [city]', 'match: [city, ¦]')), ['category']);
    assert.equal(
      taken(recall('match: [city]', 'match: ¦'), 'category'),
      'same_city: {source: same_attribute, match: [category], share: 0.05}',
    );
    assert.deepEqual(offered(recall('seed: demo', 'vars: {dt: 2026-11-20}\nseed: a${¦}')), [
      'dt  2026-11-20',
      'dt - 1d  2026-11-19',
      'dt:yyyyMMdd  20261120',
    ]);
  });

  test('paths and rules', () => {
    assert.deepEqual(offered(recall('path: ../data/items.parquet', 'path: ../data/u¦')), ['../data/users.parquet']);
    assert.equal(
      taken(recall('path: ../data/items.parquet', "path: '¦'"), '../data/items.parquet'),
      "path: '../data/items.parquet'",
    );
    assert.deepEqual(offered(recall('policy: recommended', 'policy: ¦')).slice(0, 2), ['recommended', 'strict']);
    assert.equal(
      taken(recall('policy: recommended', 'policy: {rules: {¦}}'), 'recall/random-only'),
      'policy: {rules: {recall/random-only: ‹off,info,warning,error›}}',
    );
  });

  test('nothing is offered in comments', () => {
    assert.deepEqual(offered(recall('seed: demo', 'seed: demo # ¦')), []);
    assert.deepEqual(offered(recall('# Recall on', '# ¦Recall on')), []);
  });

  test('JSON: quotes where JSON wants them', () => {
    assert.equal(taken('{¦}', 'version'), '{"version": 1}');
    assert.equal(taken('{"ver¦"}', 'version'), '{"version"}');
    assert.equal(
      taken('{"stages": {"recall": {"unit": ¦}}}', 'request'),
      '{"stages": {"recall": {"unit": "request"}}}',
    );
    assert.equal(
      taken('{"data": {"impressions": {"columns": {"user": "¦"}}}}', 'user_id'),
      '{"data": {"impressions": {"columns": {"user": "user_id"}}}}',
    );
    assert.equal(
      taken('{"stages": {"recall": {"negatives": {"mix": {¦}}}}}', 'same_attribute'),
      '{"stages": {"recall": {"negatives": {"mix": {"same_attribute": {"share": ‹0.1›, "match": ‹["city"]›‹›}}}}}}',
    );
  });
});

describe('hover', () => {
  /** The paragraphs of the hover, with the hovered text first. */
  function shown(marked: string): string[] | null {
    const { text, offset, language } = cursorIn(marked);
    const { document, config } = readConfig(text, { language });
    const hover = hoverAt(document, offset, config);
    return (
      hover && [
        text.slice(hover.span.start, hover.span.end),
        ...hover.parts.map((part) =>
          'message' in part
            ? render(part.message)
            : part.kind === 'title' && part.alias !== undefined
              ? `${part.text} · ${part.alias}`
              : part.text,
        ),
      ]
    );
  }

  for (const [name, marked, expected] of [
    [
      'a key: meaning, example and totals',
      recall('per_positive: 10', 'per_pos¦itive: 10'),
      [
        'per_positive',
        'per_positive',
        'Negatives per positive: a number with `mix`, or counts by entry',
        'per_positive: 10',
        '10 negatives per positive, and 1023 more within the batch',
      ],
    ],
    [
      'a key with a default',
      recall('exponent: 0.75', 'expo¦nent: 0.75'),
      ['exponent', 'exponent', '0 is uniform, 1 uses the raw counts. word2vec uses 0.75.', 'Default: 0.75'],
    ],
    [
      'an entry: its source, its probability and its amount',
      recall('        global_random:', '        glo¦bal_random:'),
      [
        'global_random',
        'global_random · 全局随机 · RNS',
        'Draws from the eligible corpus, every item with the same probability.',
        'q(i) = 1 / N',
        '2 of 10 negatives per positive',
      ],
    ],
    [
      'an entry with a name of its own',
      recall('        same_city:', '        same_¦city:'),
      [
        'same_city',
        'same_city (same_attribute) · 业务逻辑 · 同城',
        'Draws items of the eligible corpus that share attributes with the positive, such as its city.',
        'q(i) = w_i / Σ_j w_j over items j with the attributes of the positive\nw = 1, or the number of positive events with weight: popularity',
        '0.5 of 10 negatives per positive',
      ],
    ],
    [
      'an enumerated value',
      recall('unit: positive', 'unit: pos¦itive'),
      ['positive', 'positive', 'One group per positive event'],
    ],
    [
      'a variable where it is used',
      recall('seed: demo', 'vars: {dt: 2026-11-20}\nseed: a${d¦t}'),
      ['a${dt}', '${dt}', '${dt} is 2026-11-20 here'],
    ],
    [
      'a variable that is moved and formatted',
      recall('seed: demo', 'vars: {dt: 2026-11-20}\nseed: a${d¦t - 7d:yyyyMMdd}'),
      ['a${dt - 7d:yyyyMMdd}', '${dt - 7d:yyyyMMdd}', '${dt - 7d:yyyyMMdd} is 20261113 here'],
    ],
    [
      'an event',
      recall('  click: is_click', '  cl¦ick: is_click'),
      ['click', 'click', 'An event of the impressions: a boolean or 0-1 column, or a condition on a column'],
    ],
    [
      'a key in JSON',
      '{"stages": {"rec¦all": 1}}',
      ['"recall"', 'recall', 'Recall: choose thousands of candidates from the whole corpus'],
    ],
    ['a path without known facts', recall('path: ../data/items.parquet', 'path: ../da¦ta/items.parquet'), null],
    ['a comment', recall('# Recall on', '# Re¦call on'), null],
  ] as const) {
    test(name, () => {
      assert.deepEqual(shown(marked), expected);
    });
  }
});
