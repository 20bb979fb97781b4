import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { roles } from '../../src/core/table/role.ts';
import { cellWidth } from '../../src/core/report/cells.ts';
import { recsample } from './commandLine.ts';
import { assertGolden } from './golden.ts';
import { impressions } from './impressions.ts';

const tables = { '/data/log.parquet': impressions };
const schema = JSON.parse(
  readFileSync(new URL('../../media/schemas/inspect.schema.json', import.meta.url), 'utf8'),
) as { definitions: { column: { properties: { role: { enum: unknown[] } } } } };

test('help and version', async () => {
  const general = await recsample(['--help']);
  assert.equal(general.code, 0);
  assertGolden('help.txt', general.out);
  assertGolden('help.inspect.txt', (await recsample(['inspect', '--help'])).out);
  assert.equal((await recsample(['-h', 'inspect'])).out, (await recsample(['inspect', '-h'])).out);
  assert.equal((await recsample(['--version'])).out, '1.2.3\n');
  assert.match((await recsample(['inspect', '--help', '--locale', 'zh-cn'])).out, /用法：/);
  assert.match((await recsample(['--help'], {}, { environment: { LANG: 'zh_CN.UTF-8' } })).out, /用法：/);
  assert.match((await recsample(['--help'], {}, { environment: { LANG: 'zh_CN.UTF-8', LC_ALL: 'C' } })).out, /Usage:/);
});

test('a wrong command line prints one line with the fix, exits with 2 and starts no engine', async () => {
  const cases: [args: string[], line: string][] = [
    [[], 'A command is missing. See recsample --help.'],
    [['inspekt', 'x'], 'Unknown command inspekt. Did you mean inspect? See recsample --help.'],
    [['--fromat'], 'Unknown option --fromat. Did you mean --locale? See recsample --help.'],
    [['inspect'], 'PATH is missing. See recsample inspect --help.'],
    [['inspect', 'a', 'b'], 'Unexpected argument b. See recsample inspect --help.'],
    [
      ['inspect', 'a', '--fromat', 'json'],
      'Unknown option --fromat. Did you mean --format? See recsample inspect --help.',
    ],
    [['inspect', 'a', '-x'], 'Unknown option -x. See recsample inspect --help.'],
    [['inspect', 'a', '--format', 'xml'], '--format must be one of text, json, not xml. See recsample inspect --help.'],
    [['inspect', 'a', '--format'], '--format needs a value. See recsample inspect --help.'],
    [['inspect', 'a', '--help=yes'], '--help does not accept a value. See recsample inspect --help.'],
    [['inspect', 'a', '--rows', '1', '--rows', '2'], '--rows is given twice. See recsample inspect --help.'],
    [
      ['inspect', 'a', '--rows', '-1'],
      '--rows must be a whole number from 0 to 10000, not -1. See recsample inspect --help.',
    ],
    [
      ['inspect', 'a', '--rows', '10001'],
      '--rows must be a whole number from 0 to 10000, not 10001. See recsample inspect --help.',
    ],
  ];
  for (const [args, line] of cases) {
    const r = await recsample(args);
    assert.deepEqual([r.code, r.out, r.engine.calls], [2, '', []], args.join(' '));
    if (args[0] === '--fromat') assert.match(r.err, /^recsample: Unknown option --fromat\..*See recsample --help\.\n$/);
    else assert.equal(r.err, `recsample: ${line}\n`);
  }
});

test('an unreadable input prints one line with file, place and reason, and exits with 2', async () => {
  const gone = await recsample(['inspect', 'gone.parquet'], tables);
  assert.deepEqual([gone.code, gone.err], [2, 'recsample: /data/gone.parquet: There is no such file\n']);
  assert.equal(gone.engine.disposed, true);
  const column = await recsample(['inspect', 'log.parquet', '--columns', 'user_id,lable'], tables);
  assert.deepEqual(
    [column.code, column.err],
    [2, 'recsample: Unknown column lable. Did you mean label? See recsample inspect --help.\n'],
  );
  const where = await recsample(['inspect', 'log.parquet', '--where', 'label = 1 and sorce = 2'], tables);
  assert.deepEqual(
    [where.code, where.err],
    [2, 'recsample: --where, character 15: Unknown column sorce. Did you mean source?\n'],
  );
  const steering = await recsample(['inspect', '\u001B[2J\n.parquet'], tables);
  assert.equal(steering.err.replace('\n', '').includes('\n'), false);
  assert.equal(steering.err.includes('\u001B'), false);
});

test('an internal error exits with 2, findings with 1, a cancelled command with 130', async () => {
  const broken = await recsample(
    ['inspect', 'x'],
    {},
    { createEngine: () => Promise.reject(new Error('no native module')) },
  );
  assert.deepEqual([broken.code, broken.err], [2, 'recsample: no native module\n']);
  const cancelled = await recsample(['inspect', 'log.parquet'], tables, { signal: AbortSignal.abort() });
  assert.deepEqual([cancelled.code, cancelled.out, cancelled.err], [130, '', '']);
});

test('inspect as text', async () => {
  const { code, out, err, engine } = await recsample(['inspect', 'log.parquet'], tables);
  assert.deepEqual([code, err, engine.disposed], [0, '', true]);
  assertGolden('inspect.txt', out);
  assertGolden(
    'inspect.narrow.txt',
    (await recsample(['inspect', 'log.parquet', '--rows', '1'], tables, { terminal: { width: 80, colour: false } }))
      .out,
  );
  assertGolden(
    'inspect.zh-cn.txt',
    (
      await recsample(
        [
          'inspect',
          'log.parquet',
          '--locale',
          'zh-cn',
          '--where',
          'label = 1',
          '--columns',
          'title,label',
          '--columns',
          'price',
        ],
        tables,
      )
    ).out,
  );
});

test('no line is wider than the terminal, and colour codes do not count as width', async () => {
  for (const width of [40, 72, 100, 200]) {
    const plain = await recsample(['inspect', 'log.parquet'], tables, { terminal: { width, colour: false } });
    for (const line of plain.out.split('\n'))
      assert.ok(cellWidth(line) <= width || line.startsWith('!'), `${width}: ${line}`);
    assert.equal(plain.out.includes('\u001B'), false);
    const coloured = await recsample(['inspect', 'log.parquet'], tables, { terminal: { width, colour: true } });
    assert.equal(coloured.out.replace(/\u001B\[\d+m/g, '').replace(/ +$/gm, ''), plain.out.replace(/ +$/gm, ''));
  }
});

test('inspect as JSON has the documented shape, is exact, and is never localised', async () => {
  const { code, out, err } = await recsample(
    ['inspect', 'log.parquet', '--format', 'json', '--locale', 'zh-cn'],
    tables,
  );
  assert.equal(code, 0);
  assert.match(err, /^recsample: .*\n$/);
  assertGolden('inspect.json', out);
  const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(schema);
  assert.ok(validate(JSON.parse(out)), JSON.stringify(validate.errors));
  assert.equal(validate({ ...(JSON.parse(out) as object), rows: '5' }), false);
  assert.deepEqual(new Set(schema.definitions.column.properties.role.enum), new Set([...roles, null]));
});

test('a digest covers all columns except log q, or the chosen ones, even those the report omits', async () => {
  const { code, out } = await recsample(['inspect', 'log.parquet', '--digest', '--rows', '1'], tables);
  assert.equal(code, 0);
  assertGolden('inspect.digest.txt', out);
  for (const width of [40, 60]) {
    const line =
      (
        await recsample(['inspect', 'log.parquet', '--digest', '--rows', '0'], tables, {
          terminal: { width, colour: false },
        })
      ).out
        .split('\n')
        .find((l) => l.startsWith('digest ')) ?? '';
    assert.match(line, /^digest [0-9a-f]{32}/);
    assert.ok(cellWidth(line) <= width, line);
  }
  const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(schema);
  const json = async (...args: string[]): Promise<{ digest?: { columns: string[] } }> => {
    const report = JSON.parse(
      (await recsample(['inspect', 'log.parquet', '--format', 'json', ...args], tables)).out,
    ) as { digest?: { columns: string[] } };
    assert.ok(validate(report), JSON.stringify(validate.errors));
    return report;
  };
  assert.equal('digest' in (await json()), false);
  assert.deepEqual((await json('--digest')).digest, {
    algorithm: 'recsample-rows-1',
    rows: 19_191_123,
    value: '0123456789abcdef0123456789abcdef',
    columns: ['embedding', 'item_id', 'label', 'price', 'source', 'title', 'ts', 'user_id'],
  });
  assert.deepEqual((await json('--digest', '--columns', 'title,log_q')).digest?.columns, ['log_q', 'title']);
  const names = Array.from({ length: 230 }, (_, k) => `f${k}`);
  const wide = { rows: 1, columns: names.map((name) => ({ name, type: { kind: 'string' } as const, values: ['x'] })) };
  assert.match(
    (await recsample(['inspect', 'wide', '--digest'], { '/data/wide': wide })).out,
    /^digest [0-9a-f]{32} {2}all columns/m,
  );
});

test('long values are printed whole, and unusual column names keep the table aligned', async () => {
  const odd = {
    rows: 1,
    columns: ['b', '1', '__proto__', 'a,b'].map((name) => ({
      name,
      type: { kind: 'list', item: { kind: 'string' } } as const,
      values: [`["${name}${'x'.repeat(20)}"]`],
    })),
  };
  const { out } = await recsample(
    ['inspect', 'odd', '--format', 'json', '--columns', 'b,1,__proto__', '--columns', 'a,b'],
    { '/data/odd': odd },
  );
  const line = out.split('\n').find((l) => l.includes('"b": "['));
  assert.equal(
    line?.trim(),
    `{${['b', '1', '__proto__', 'a,b'].map((n) => `${JSON.stringify(n)}: ${JSON.stringify(`["${n}${'x'.repeat(20)}"]`)}`).join(', ')}}`,
  );
  assert.match(out, /"labels": null/);
  assert.match(
    (await recsample(['inspect', 'odd', '--format', 'json', '--rows', '0'], { '/data/odd': odd })).out,
    /"sample": \[\]/,
  );
});
