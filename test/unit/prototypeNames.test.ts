import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recallExample } from '../../src/core/policy/examples/recall.ts';
import { files, impressionColumns } from '../../src/core/policy/examples/files.ts';
import { ownValue } from '../../src/core/ownValue.ts';
import { sourceGlyph } from '../../src/core/report/sourceGlyph.ts';
import { lintCase } from './lintCase.ts';

// External names may equal the names that every JavaScript object has.
const names = ['toString', 'constructor', 'hasOwnProperty', '__proto__', 'valueOf'];

test('columns, entries, events and sources may have names of prototype members', () => {
  for (const name of names) {
    const renamed = recallExample.replaceAll('time: ts,', `time: ${name},`);
    const column = lintCase({
      text: renamed,
      datasets: { impressions: files(impressionColumns.replace('ts:timestamp', `${name}:int64`)) },
    });
    assert.ok(
      column.findings.some(({ rule }) => rule === 'schema/time-type'),
      name,
    );
    assert.deepEqual(
      column.rules.filter(({ status, nothingToCompare }) => status === 'not-run' && nothingToCompare !== true),
      [],
      name,
    );
    for (const [from, to] of [
      ['global_random: 0.2', `${name}: {source: global_random, share: 0.2}`],
      ['global_random: 0.2', `${name}: 0.2`],
      ['click: is_click', `${name}: is_click`],
    ] as const) {
      const { rules } = lintCase({ text: recallExample.replace(from, to) });
      assert.deepEqual(
        rules.filter(({ status, nothingToCompare }) => status === 'not-run' && nothingToCompare !== true),
        [],
        `${name}, ${to}`,
      );
    }
    assert.equal(sourceGlyph(name), ' ');
    assert.equal(ownValue({}, name), undefined);
  }
});
