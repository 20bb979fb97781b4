import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changed } from '../../src/core/policy/examples/example.ts';
import { disableFix } from '../../src/core/policy/disableFix.ts';
import { readConfig } from '../../src/core/config/read.ts';
import { MAX_CONFIG_SIZE } from '../../src/core/config/size.ts';
import { readIds } from '../../src/core/sampling/idList.ts';
import { failureOf } from '../../src/core/message/failure.ts';
import { lintText } from '../../src/core/report/lintText.ts';
import { render } from '../../src/core/message/message.ts';
import { rules } from '../../src/core/policy/rules.ts';
import { lint, lintSteps, type LintResult } from '../../src/core/policy/run.ts';
import { YieldTimer } from '../../src/project/lint/yieldTimer.ts';
import { fixed, lintCase, lintInput, shown } from './lintCase.ts';

// Each text once took quadratic time, or minutes. A test that hangs here has failed.
const recall = changed('recall');
const many = (count: number, text: (k: number) => string, separator: string): string =>
  Array.from({ length: count }, (_, k) => text(k)).join(separator);

test('10,000 unknown rules in a suppression are all found; the first 100 get a suggestion', () => {
  const text = `# recsample-disable ${many(10_000, (k) => `config/rang${k}`, ', ')}\n${recall}`;
  const { findings } = lintCase({ text });
  assert.deepEqual(
    [findings.length, new Set(findings.map(({ rule }) => rule))],
    [10_000, new Set(['config/unused-suppression'])],
  );
  assert.deepEqual(
    [findings[0], findings[99], findings[100]].map((finding) => finding && render(finding.message)),
    [
      'There is no rule config/rang0. Did you mean config/range?',
      'There is no rule config/rang99. Did you mean config/range?',
      'There is no rule config/rang100',
    ],
  );
  const last = findings.at(-1)?.fixes.at(-1);
  assert.ok(last && !fixed(text, last).includes('config/rang9999') && fixed(text, last).includes(`config/rang9998\n`));
});

test('a lint can be cancelled after each rule', async () => {
  const input = lintInput({ text: recall });
  let steps = 0;
  for (const stepsOf = lintSteps(input); stepsOf.next().done !== true;) steps++;
  assert.equal(steps, rules.length + 1);
  const cancel = new AbortController();
  let run = 0;
  const counted = function* (): Generator<void, LintResult, void> {
    for (const all = lintSteps(input); ;) {
      const step = all.next();
      if (step.done === true) return step.value;
      if (++run === 3) cancel.abort();
      yield;
    }
  };
  await assert.rejects(
    new YieldTimer(cancel.signal).runSteps(counted()),
    (error) => failureOf(error).code === 'cancelled',
  );
  assert.equal(run, 3);
  assert.deepEqual(await new YieldTimer(undefined).runSteps(lintSteps(input)), lint(input));
});

test('10,000 suppressions above one line, and as many blocks, are handled', () => {
  const above = `${many(10_000, () => '# recsample-disable-next-line config/no-seed', '\n')}\n${recall.replace('seed: demo\n', '')}`;
  assert.deepEqual(
    shown(lintCase({ text: above }).findings).filter((text) => text.includes('no-seed')),
    [],
  );
  const blocks = `${many(10_000, (k) => (k % 2 === 0 ? `# recsample-disable config/no-seed` : '# recsample-enable'), '\n')}\n${recall}`;
  const { findings } = lintCase({ text: blocks });
  assert.equal(findings.length, 5_000);
});

test('an enable ends the matching disable: by name, of all rules, or by name after one of all', () => {
  const idle = (text: string): number[] =>
    lintCase({ text: `${text}\n${recall}` })
      .findings.filter(({ message }) => message.text === 'No rule is disabled here')
      .map(({ range }) => range.start.line);
  assert.deepEqual(
    idle('# recsample-disable config/unit\n# recsample-enable config/range\n# recsample-enable\n# recsample-enable'),
    [1, 3],
  );
  assert.deepEqual(
    idle(
      '# recsample-disable\n# recsample-enable config/unit\n# recsample-enable config/unit\n# recsample-enable config/range, config/unit',
    ),
    [2],
  );
});

test('thousands of unknown entries and unknown rules are all reported', () => {
  const entries = recall.replace('      mix:\n', `      mix:\n${many(1_000, (k) => `        s${k}: 0.1`, '\n')}\n`);
  assert.equal(lintCase({ text: entries }).findings.filter(({ rule }) => rule === 'config/unknown-key').length, 1_000);
  const rules = recall.replace(
    'policy: recommended',
    `policy: {rules: {${many(1_000, (k) => `config/x${k}: off`, ', ')}}}`,
  );
  assert.equal(lintCase({ text: rules }).findings.filter(({ rule }) => rule === 'config/unknown-key').length, 1_000);
});

test('100,000 blanks before a comment, in ids and in a message are handled', () => {
  const text = recall.replace('seed: demo', `seed: "${' '.repeat(100_000)}x" # recsample-disable-line config/unit`);
  const finding = lintCase({ text }).findings.find(({ rule }) => rule === 'config/unused-suppression');
  assert.ok(finding?.fixes[0] && !fixed(text, finding.fixes[0]).includes('# recsample'));
  assert.deepEqual(readIds(`a${' '.repeat(100_000)}b,\\ c\\ ,${'\\'.repeat(100_001)}`), [
    `a${' '.repeat(100_000)}b`,
    ' c ',
    '\\'.repeat(50_001),
  ]);
});

test('a suppression is added to a comment among thousands', () => {
  const text = `${many(20_000, () => '# recsample-disable-next-line config/unit', '\n')}\n${recall}`;
  const { document } = readConfig(text, { language: 'yaml' });
  const line = text.split('\n').findIndex((one) => one !== '' && !one.startsWith('#'));
  const fix = disableFix(document, {
    rule: 'config/range',
    range: { start: { line, character: 0 }, end: { line, character: 1 } },
  });
  assert.ok(fix && fixed(text, fix).startsWith('# recsample-disable-next-line config/unit, config/range\n'));
});

test('a text above the limit gives one finding and is not read', () => {
  const filler = 'x'.repeat(MAX_CONFIG_SIZE);
  for (const text of [`${recall}# ${filler}`, `{"policy": "${filler}"}`]) {
    assert.deepEqual(shown(lintCase({ text }).findings), [
      'config/syntax error 1:1-1:1 The config is larger than the maximum of 4 MB and is not read',
    ]);
  }
});

test('a report of 150,000 findings', () => {
  const [finding] = lintCase({ text: `# recsample-disable config/nothing\n${recall}` }).findings;
  assert.ok(finding);
  const findings = new Array<typeof finding>(150_000).fill(finding);
  const text = lintText(
    { level: 'none', configs: [{ path: 'a.ratio.yaml', findings, rules: [] }], failures: [], fixed: 0 },
    { width: 120, colour: false, translate: (one) => one, locale: 'en' },
  );
  assert.match(text, /\n1 config: 150000 info\n/);
});
