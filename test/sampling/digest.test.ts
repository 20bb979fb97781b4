import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { everything } from '../../src/core/table/filter.ts';
import { engine, opened, parquet, ref } from '../engine/fixture.ts';

const python = process.env['RECSAMPLE_PYTHON'] ?? 'python3';
const skip = python === '' ? 'python3 of 3.11 or newer is not on PATH' : false;

test('the digest in Python that the guide gives is that of the engine', { skip }, async () => {
  const guide = readFileSync(new URL('../../docs/digest.md', import.meta.url), 'utf8');
  const [, code = ''] = /```python\n([\s\S]*?)```/.exec(guide) ?? [];
  const names = ['~', 'a', 'B', '～', '😀'];
  const rows = [
    ['1', '', null, '杭州', 'a\tb'],
    ['1', '', null, '杭州', 'a\tb'],
    ['2', '\\', '\\t', '\\e', '😀'],
    ['3', null, '', null, null],
  ];
  const { status, stdout, stderr } = spawnSync(
    python,
    ['-c', `${code}\nimport json, sys\nprint(digest(*json.load(sys.stdin)))`],
    { input: JSON.stringify([names, rows]), encoding: 'utf8' },
  );
  assert.equal(status, 0, stderr);
  const select = rows
    .map(
      (row) =>
        `SELECT ${row.map((text, k) => `CAST(${text === null ? 'NULL' : `'${text}'`} AS VARCHAR) AS "${names[k] ?? ''}"`).join(', ')}`,
    )
    .join(' UNION ALL ');
  const path = await parquet('python.parquet', select);
  await opened(path);
  const { value } = await engine.call('digest', { ref: ref(path), view: everything, columns: names.map((_, k) => k) });
  assert.equal(stdout.trim(), value);
});
