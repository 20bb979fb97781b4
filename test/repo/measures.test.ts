import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metrics } from '../../src/core/audit/metrics.ts';
import type { QuestionKind } from '../../src/core/data/facts.ts';
import type { SharedCounts } from '../../src/engine/tables/countedSample.ts';
import type { AskedQuestion, AskedSamples } from '../../src/protocol/answers.ts';
import { read, trackedFiles } from './repository.ts';

type SampleQuestion = {
  [K in QuestionKind]: AskedQuestion<K> extends { readonly samples: AskedSamples } ? K : never;
}[QuestionKind];

/** Every question about a sample file: the compiler requires a new one here. True: a phase of the audit counts it. */
const questions: Readonly<{ [K in SampleQuestion]: K extends keyof SharedCounts ? true : false }> = {
  contradictions: false,
  duplicates: false,
  'unknown-items': false,
  'never-exposed': false,
  'passed-values': false,
  'sample-mix': false,
  'false-negatives': true,
  'sequence-lists': true,
  'sequence-log': true,
  'split-times': true,
  'future-rows': false,
  'split-overlap': false,
  'empty-groups': false,
  'candidate-rows': false,
  'unseen-rows': false,
  'exposure-rates': true,
  'head-shares': false,
  'item-distances': false,
  'column-labels': false,
  'sample-origin': false,
  chances: false,
  'log-q-values': false,
  'time-order': false,
  'user-shares': false,
};

interface Measure {
  readonly question: SampleQuestion;
  readonly metrics: readonly string[];
  /** What the rule and the metric both call, or why there is no such thing. */
  readonly count: string;
}

const codes = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
const [, section = ''] = read('docs/architecture.md').split('## Measures of a sample file');
const table = [...(section.split('\n## ')[0] ?? '').matchAll(/^\| `([^`]+)` +\| ([^|]+) \| ([^|]+?) +\|$/gm)].map(
  ([, question, cell = '', count = '']): Measure => ({
    question: question as SampleQuestion,
    metrics: codes(cell),
    count,
  }),
);

const sources = trackedFiles().filter((file) => file.startsWith('src/engine/'));
/** The only file of a folder with such a text. */
const textOf = (folder: string, part: string): string => {
  const texts = sources.filter((file) => file.startsWith(folder)).map(read);
  return texts.find((text) => text.includes(part)) ?? '';
};

test('the table of measures has each question about a sample file, and names metrics that exist', () => {
  assert.deepEqual(table.map(({ question }) => question).sort(), Object.keys(questions).sort());
  const ids = new Set(metrics.map(({ id }) => id));
  for (const { question, metrics: named } of table)
    for (const id of named) assert.ok(ids.has(id), `${question}: ${id}`);
});

test('a rule reads the count of its metric, or the table says why not', () => {
  for (const { question, metrics: named, count } of table) {
    const [called] = codes(count);
    const isShared = called !== undefined && !count.startsWith('no');
    assert.equal(count === 'no metric', named.length === 0, question);
    assert.ok(isShared || count === 'no metric' || count.startsWith('no: '), question);
    assert.equal(called === 'SharedCounts', questions[question], question);
    if (!isShared) continue;
    const [rule, phase] = [
      textOf('src/engine/answers/', `: QuestionAnswerer<'${question}'> =`),
      textOf('src/engine/audit/phases/', `metrics: ['${named[0] ?? ''}'`),
    ];
    const [reads, counts] =
      called === 'SharedCounts'
        ? [`sharedCounts(tables, samples, '${question}', `, `world.share('${question}', `]
        : [called, called];
    assert.ok(rule.includes(reads), `the answer to ${question} does not read ${called}`);
    assert.ok(phase.includes(counts), `no phase of ${named.join()} counts ${called} for ${question}`);
  }
});
