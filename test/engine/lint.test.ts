import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { badConfigs, goodConfigs } from '../../examples/demo/configs.ts';
import type { DatasetName } from '../../src/core/config/definition/data.ts';
import type { DatasetFacts } from '../../src/core/data/facts.ts';
import { presetNames } from '../../src/core/policy/presets.ts';
import { rules } from '../../src/core/policy/rules.ts';
import { demoDatasets } from '../fixtures/demoFacts.ts';
import { reportedRange, shown } from '../unit/lintCase.ts';
import { FactsCache } from '../../src/project/facts/factsCache.ts';
import { besidesDraws, comparedNothing, demo, lintOn, nothingInDemo, notRun, writeDemoBefore } from './lintDemo.ts';

// Runs the rules on the demo files with the engine: the facts in the unit tests must be true for the files.
writeDemoBefore();
/** Caches answers while the files do not change. */
const cache = new FactsCache();

describe('the good configs of the demo', () => {
  for (const { path, text } of goodConfigs()) {
    for (const preset of presetNames) {
      test(`${path} under ${preset}: no finding, and every rule that applies ran`, async () => {
        assert.equal(readFileSync(join(demo, path), 'utf8'), text);
        const linted = await lintOn(text, { path, preset, cache });
        assert.deepEqual(shown(linted.findings), []);
        assert.deepEqual(notRun(linted), []);
        assert.deepEqual(comparedNothing(linted), path.includes('recall') ? nothingInDemo : []);
        const ran = linted.rules.map(({ rule }) => rule);
        assert.ok(ran.includes('schema/column-missing') && ran.includes('schema/id-type'), ran.join());
      });
    }
  }

  test('the rules about rows ran on the written sample file', async () => {
    const { rules: statuses, facts } = await lintOn(goodConfigs()[0]?.text ?? '');
    assert.deepEqual(
      statuses.filter(({ rule }) => rule.startsWith('data/')).map(({ rule, status }) => `${rule} ${status}`),
      [
        'data/contradiction passed',
        'data/duplicate passed',
        'data/false-negative passed',
        'data/mix not-run',
        'data/log-q not-run',
        'data/log-q-values passed',
        'data/declared-q not-run',
        'data/exponent not-run',
        'data/hot-ratio passed',
        'data/selection-bias passed',
        'data/downsample-effect passed',
        'data/time-leak passed',
        'data/time-order passed',
        'data/future passed',
        'data/impossible-draw not-run',
        'data/missing-choices not-run',
        'data/split-overlap not-run',
        'data/empty-groups passed',
        'data/unseen passed',
        'data/label-leak passed',
        'data/digest not-run',
        'data/pass-through passed',
        'data/unknown-item passed',
        'data/user-skew not-run',
        'data/shortfall passed',
        'data/refused passed',
      ],
    );
    const answer = facts.answer({ kind: 'duplicates', stage: 'recall' });
    assert.deepEqual(answer, { value: { rows: 1724, repeated: 0, examples: [] } });
  });
});

describe('rules about configs and columns, on the bad configs that the demo writes', () => {
  test('each rule has one bad config', () => {
    assert.deepEqual(
      badConfigs()
        .map(({ path }) => path)
        .sort(),
      rules
        .filter(({ kind }) => kind !== 'data')
        .map(({ id }) => `bad/${id.replace('/', '-')}.ratio.yaml`)
        .sort(),
    );
  });

  for (const {
    id,
    docs: { wrong, right },
  } of rules.filter(({ kind }) => kind !== 'data')) {
    test(`${id} is reported at its place, only with its companion rules`, async () => {
      const path = `bad/${id.replace('/', '-')}.ratio.yaml`;
      const text = readFileSync(join(demo, path), 'utf8');
      assert.ok(text.endsWith(wrong.text));
      const before = text.length - wrong.text.length;
      const lines = text.slice(0, before).split('\n').length - 1;
      const { start, end } = reportedRange(wrong);
      for (const level of ['schema', 'data'] as const) {
        const findings = besidesDraws((await lintOn(text, { path, level, cache })).findings);
        const own = findings.filter(({ rule }) => rule === id);
        assert.equal(own.length, 1, shown(findings).join('\n'));
        assert.deepEqual(
          own[0]?.range,
          { start: { ...start, line: start.line + lines }, end: { ...end, line: end.line + lines } },
          shown(own).join('\n'),
        );
        assert.deepEqual(
          [...new Set(findings.map(({ rule }) => rule).filter((rule) => rule !== id))].sort(),
          // Only rows show unknown labels.
          (wrong.companions ?? []).filter((rule) => level === 'data' || rule !== 'schema/label-domain').sort(),
          shown(findings).join('\n'),
        );
      }
    });

    test(`${id} and all other rules are silent about its right example`, async () => {
      for (const preset of presetNames) {
        const findings = besidesDraws((await lintOn(right.text, { preset, cache })).findings);
        assert.deepEqual(shown(findings.filter(({ rule, severity }) => rule === id || severity !== 'info')), []);
      }
    });
  }
});

test('the file facts that unit tests assume match the demo', async () => {
  for (const [name, expected] of Object.entries(demoDatasets) as [DatasetName, DatasetFacts][]) {
    const stage = name === 'samples.coarse_ranking' ? 1 : name === 'samples.fine_ranking' ? 2 : 0;
    const { facts } = await lintOn(goodConfigs()[stage]?.text ?? '', { level: 'schema' });
    const found = facts.dataset(name);
    if (expected.state !== 'known') {
      assert.deepEqual(found, expected, name);
      continue;
    }
    assert.ok(found?.state === 'known', `${name}: ${JSON.stringify(found)}`);
    assert.deepEqual(
      found.columns.map((column) => ({
        name: column.name,
        type: column.type,
        partition: column.partition,
        role: column.role?.role ?? null,
      })),
      expected.columns.map((column) => ({
        name: column.name,
        type: column.type,
        partition: column.partition,
        role: column.role?.role ?? null,
      })),
      name,
    );
    assert.deepEqual(
      [found.rows, found.files, found.bytes, found.unevenPartitions, found.textual],
      [expected.rows, expected.files, expected.bytes, expected.unevenPartitions, expected.textual],
      name,
    );
  }
});
