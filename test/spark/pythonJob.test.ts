import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { aliasTable } from '../../src/core/sampling/alias.ts';
import { oneLine } from '../../src/core/spark/comment.ts';
import { Script } from '../../src/core/spark/script.ts';
import { col, int, sql, text } from '../../src/core/relation/expression.ts';
import { select, unionAll } from '../../src/core/relation/relation.ts';
import { sparkDialect } from '../../src/core/relation/sparkDialect.ts';
import { Dice } from '../sampling/dice.ts';
import { fakeSpark, python, pythonFunction, skip } from './fakeSpark.ts';
import { hostileTexts, ranMark } from './hostileTexts.ts';
import { jobOfText, stepsOf } from './jobOfText.ts';

const { directory, write, run } = fakeSpark();

/** Three tables without needs, one that reads two of them, a check, the result and its counts. */
function job(): Script {
  const script = new Script();
  script.section('Steps');
  const one = select([['x', int(1)]], null);
  for (const name of ['first', 'second', 'third']) script.table(name, one, 'A table.');
  script.check(
    'check_first',
    select(
      [
        ['wrong', int(0)],
        ['example', text('')],
      ],
      'first',
    ),
    'wrong: ',
  );
  script.view('both', unionAll(select(['x'], 'first'), select(['x'], 'second')));
  script.table('joined', select(['x'], 'both'));
  script.output(select(['x'], 'third'), null, 'The result.');
  script.counts('numbers', select([['x', col('x')]], 'joined'));
  script.writeCounts({ plan: '', inputs: [], samples: int(1), isPartitioned: false });
  return script;
}
write('job.py', job());

test('steps of job.py run at the same time if they do not need each other, and after what they need', { skip }, () => {
  const { events, settings, lines, error } = run({ TOGETHER: 'first second third' }, 'job.py');
  assert.equal(error, '');
  assert.equal(settings.length, 12);
  assert.equal(settings[0], 'spark.sql.variable.substitute=false');
  for (const setting of ['spark.sql.session.timeZone=UTC', 'parquet.enable.dictionary#k0=false'])
    assert.ok(settings.includes(setting), settings.join('\n'));
  // A statement that holds the text of a failure would look like one.
  for (const shown of ['check_first: check', 'joined: s3a://samples/', 'both: view'])
    assert.ok(
      lines.some((line) => line.replace(/^\d+\/\d+ /, '').startsWith(shown)),
      lines.join('\n'),
    );
  const at = (name: string): number => events.indexOf(`computed ${name}`);
  const order = [
    ['first', 'check_first'],
    ['first', 'joined'],
    ['second', 'joined'],
    ['third', 'result'],
    // The check may end the job.
    ['check_first', 'result'],
    ['result', 'counts'],
    ['joined', 'counts'],
  ] as const;
  for (const [before, later] of order) assert.ok(at(before) >= 0 && at(before) < at(later), events.join(', '));
  assert.deepEqual(events.slice(-2), ['computed counts', 'stopped']);
});

test('if several steps fail, the error is that of the first in the script, and nothing is published', { skip }, () => {
  const { events, error } = run({ FAILS: 'third second' }, 'job.py');
  assert.equal(error, 'RuntimeError: second failed');
  // The check may run or end before the failures, and what still runs a second later is cancelled.
  assert.deepEqual(
    events.filter((one) => one !== 'computed check_first' && one !== 'cancelled'),
    ['computed first'],
  );
});

test('a step that fails cancels later ones that still run', { skip }, () => {
  const { events, error } = run({ FAILS: 'first', HANGS: 'third' }, 'job.py');
  assert.equal(error, 'RuntimeError: first failed');
  assert.deepEqual(new Set(events), new Set(['computed second', 'cancelled']));
});

test('steps run while columns are checked, but the result waits, and an error of the check is first', { skip }, () => {
  const script = new Script();
  script.section('Steps');
  script.table('drawn', select(['x'], 'raw'));
  script.output(select(['x'], 'drawn'), null, 'The result.');
  script.table('late', select(['x'], 'drawn'));
  const columns = [{ name: 'x', type: { kind: 'integer', bits: 64, signed: true } as const }];
  const path = 's3a://lake/log';
  const input = {
    kind: 'input',
    name: 'raw',
    about: [],
    path,
    folder: path,
    table: null,
    basePath: null,
    columns,
    file: null,
  } as const;
  script.inputs('Inputs', [
    { kind: 'declared', name: 'input_columns', about: [], inputs: [input], subject: 'columns' },
    input,
  ]);
  write('columns.py', script);
  const together = run({ TOGETHER: 'input_columns drawn' }, 'columns.py');
  assert.equal(together.error, '');
  const steps = ['input_columns', 'drawn', 'late', 'result'].map((name) => `computed ${name}`);
  assert.deepEqual(new Set(together.events), new Set([...steps, 'stopped']));
  // The check ends together with the first step or later: it may end after the step that needs the first one.
  const at = (name: string): number => together.events.indexOf(`computed ${name}`);
  for (const before of ['input_columns', 'drawn']) assert.ok(at(before) < at('result'), together.events.join(', '));
  assert.ok(at('drawn') < at('late'), together.events.join(', '));
  assert.equal(together.events.at(-1), 'stopped');
  const { events, error } = run({ FAILS: 'drawn input_columns' }, 'columns.py');
  assert.equal(error, 'RuntimeError: input_columns failed');
  assert.deepEqual(events, []);
  // The check fails when a step after the result has begun.
  const { events: others } = run({ FAILS: 'input_columns', HANGS: 'late' }, 'columns.py');
  assert.deepEqual(new Set(others), new Set(['computed drawn', 'cancelled']));
});

/** The same with what the driver reads. */
function jobOfPool(hostile: string): Script {
  const script = jobWith(hostile);
  const rows = select([['x', text(hostile)]], 'first');
  script.noteAliasTable('p');
  for (const step of ['alias', 'accepted_2']) script.table(`p__${step}`, rows);
  script.noteRowsOnlyIf('p__accepted_2', rows);
  script.noteFurtherAttempts({ entry: 'p', salts: [1, 2], quota: 2, groups: rows, excluded: rows });
  return script;
}

/** A job that holds a text wherever a job holds texts of data or of a config. */
function jobWith(hostile: string): Script {
  const script = new Script();
  script.section(hostile);
  script.table('first', select([['x', text(`@text${hostile}@text`)]], null), hostile);
  const zero = [
    ['wrong', int(0)],
    ['example', text('')],
  ] as const;
  script.check('check_first', select(zero, 'first'), hostile, hostile);
  return script;
}

test('the program of a job is the same whatever its names and texts, which are JSON', { skip }, () => {
  const programs = ['plain', ...hostileTexts].map((hostile) => {
    write('names.py', jobOfPool(hostile), [[hostile, hostile]], { output: '/a/out', work: '/a/work' });
    const { json, job: kept, program } = jobOfText(readFileSync(join(directory, 'names.py'), 'utf8'));
    assert.match(json, /^[\n -~]*$/);
    assert.doesNotMatch(json, /\\[^unrt]|"""/);
    // Line breaks and semicolons would end a comment.
    assert.equal(kept.about[0], oneLine(`${hostile}: ${hostile}`));
    // For Spark, a backslash at the end of a comment makes the next line a part of it.
    const lines = stepsOf(kept).flatMap(({ statements = [] }) => statements.flat());
    assert.deepEqual(
      lines.filter((line) => line.trimStart().startsWith('--') && line.endsWith('\\')),
      [],
    );
    return program;
  });
  assert.equal(new Set(programs).size, 1);
  assert.ok(programs[0]?.includes('spark.stop()'));
});

test('no text of a job runs, and each is read as it is', { skip }, () => {
  rmSync(ranMark, { force: true });
  const script = new Script();
  for (const [k, hostile] of hostileTexts.entries()) {
    script.section(hostile);
    script.table(`table_${k}`, select([['x', text(`@text${hostile}@text`)]], null), hostile);
  }
  write('texts.py', script, [['head', hostileTexts.join('')]]);
  const { stdout, events, error } = run({}, 'texts.py');
  assert.equal(error, '');
  assert.equal(events.at(-1), 'stopped');
  const read = [...stdout.matchAll(/^read (.*)$/gm)].map(([, one = '']) => JSON.parse(one) as string);
  // The others are written by their bytes.
  const plain = hostileTexts.filter((hostile) => sparkDialect.text(hostile).startsWith("'"));
  assert.deepEqual(read.sort(), [...plain].sort());
  assert.ok(plain.length > 3);
  assert.ok(!existsSync(ranMark));
});

test('a job ends before it replaces what it reads, also through a link of its file system', { skip }, () => {
  const script = jobWith('plain');
  const path = 's3a://samples/lake/log';
  const none = { table: null, basePath: null, file: null, columns: [], about: [] } as const;
  script.inputs('Inputs', [{ ...none, kind: 'input', name: 'raw', path, folder: path }]);
  write('overlap.py', script);
  for (const [links, expected] of [
    [{}, ''],
    [{ '/lake': '/out' }, 's3a://samples/out and s3a://samples/lake/log overlap'],
    [{ '/work': '/lake/log' }, 's3a://samples/work and s3a://samples/lake/log overlap'],
    [{ '/out': '/' }, 's3a://samples/out and s3a://samples/lake/log overlap'],
  ] as const) {
    const { events, error } = run({ LINKS: JSON.stringify(links) }, 'overlap.py');
    assert.equal(error, expected === '' ? '' : `RuntimeError: Spark would replace the data that it reads: ${expected}`);
    assert.equal(events.includes('computed first'), expected === '');
  }
});

test('the driver makes the alias tables of the kernel', { skip }, () => {
  const dice = new Dice('alias tables');
  const pools = [[1], [7, 7], [1, 2 ** 40], [3, 1, 1], [1, 1, 1, 1, 96]];
  for (const size of [2, 3, 31, 32, 33, 500, 1000])
    for (const greatest of [1, 3, 1e6, 2 ** 42])
      pools.push(Array.from({ length: size }, () => dice.whole(1, dice.chance(0.3) ? greatest : 2)));
  const program = [
    'import json, math',
    'UNIT = 1 << 32',
    ...['bits_of', 'alias_rows'].map(pythonFunction),
    `print(json.dumps([sorted(alias_rows(pool)) for pool in json.loads('${JSON.stringify(pools)}')]))`,
  ];
  const { stdout, stderr } = spawnSync(python, ['-c', program.join('\n')], { encoding: 'utf8' });
  assert.equal(stderr, '');
  const expected = pools.map((weights) => {
    const { columns } = aliasTable(Float64Array.from(weights));
    return Array.from({ length: columns.length / 2 }, (_, j) => [j, columns[2 * j], columns[2 * j + 1]]);
  });
  // The kernel stores 2^32, which no word reaches, as 2^32 − 1.
  const most = 2 ** 32;
  const made = (JSON.parse(stdout) as [number, number, number][][]).map((rows) =>
    rows.map(([j, threshold, alias]) => [j, threshold === most ? most - 1 : threshold, alias]),
  );
  assert.deepEqual(made, expected);
});

test('the driver makes a small pool and its alias table, and statements make a large one', { skip }, () => {
  const script = new Script();
  script.section('Steps');
  script.view('p__items', select([['x', int(1)]], null));
  script.table('p__ranges', select(['x'], 'p__items'));
  script.fewRows('p__size', select(['x'], 'p__ranges'));
  script.table('p__pool', select(['x'], 'p__ranges'));
  script.noteAliasTable('p');
  script.view('p__columns', select(['x'], 'p__pool'));
  script.table('p__search', select(['x'], 'p__columns'));
  script.table('p__alias', select(['x'], 'p__search'));
  script.table('drawn', select(['x'], 'p__alias'));
  write('pool.py', script);
  const eventsWith = (items: number, more: Readonly<Record<string, string>> = {}): readonly string[] => {
    const { events, error } = run({ ITEMS: String(items), ...more }, 'pool.py');
    assert.equal(error, '');
    return events;
  };
  const size = 'view p__size: SELECT 4L AS total, 2L AS items, 1L AS bits';
  // Column 1 has half of its mass, and the other half is of item 0.
  const kept = {
    p__pool: { item: [7, 8], weight: [3, 1], upto: [3, 4], place: [0, 1] },
    p__alias: { j: [0, 1], threshold: [4294967296, 2147483648], alias: [0, 0] },
  };
  const views = Object.entries(kept).map(([table, lists]) => {
    const [inTable, names] = [`tables.${table}.`, ''].map((of) =>
      Object.keys(lists)
        .map((name) => `${of}\`${name}\``)
        .join(', '),
    );
    return `view ${table}: SELECT inline(arrays_zip(${inTable})) AS (${names}) FROM p_lists`;
  });
  const events = eventsWith(2);
  const [lists = ''] = events.filter((event) => event.startsWith('kept '));
  assert.deepEqual(JSON.parse(lists.replace('kept p_lists ', '')), [kept]);
  assert.deepEqual(events, [size, lists, ...views, 'computed drawn', 'stopped']);
  const steps = ['ranges', 'pool', 'search', 'alias'].map((step) => `computed p__${step}`);
  // No items, too many, and ids that are long together. The size may be computed before or after other steps.
  for (const larger of [eventsWith(0), eventsWith(100_001), eventsWith(2, { LENGTH: '4000001' })]) {
    assert.ok(larger.includes('computed p__size'), larger.join('\n'));
    assert.deepEqual(
      larger.filter((event) => !/p__size/.test(event)),
      [...steps, 'computed drawn', 'stopped'],
    );
  }
  assert.ok(eventsWith(1).includes('view p__size: SELECT 1L AS total, 1L AS items, 0L AS bits'));
  // In the order of their bytes.
  const ids = ['\u{1f600}', 'a"\\\'é', '\uffff', ''];
  const ofTexts =
    eventsWith(2, { TEXTS: JSON.stringify(ids) }).find((event) => event.startsWith('kept p_lists ')) ?? '';
  assert.deepEqual((JSON.parse(ofTexts.replace('kept p_lists ', '')) as [typeof kept])[0].p__pool.item, [
    '',
    'a"\\\'é',
    '\uffff',
    '\u{1f600}',
  ]);
});

test('attempts that no group needs are left out', { skip }, () => {
  const script = new Script();
  script.section('Steps');
  const step = (k: number): string => `p__accepted_${k}`;
  script.table(step(1), select([['missing', int(1)]], null));
  for (const k of [2, 3]) {
    script.table(step(k), select(['missing'], step(k - 1)));
    const short = select(['missing'], step(k - 1), { where: [sql`${col('missing')} > ${int(0)}`] });
    // Each has the columns of the step before.
    script.noteRowsOnlyIf(step(k), short, step(k - 1));
  }
  script.table('drawn', select(['missing'], step(3)));
  write('attempts.py', script);
  const eventsWith = (full: string): readonly string[] => {
    const { events, error } = run({ FULL: full }, 'attempts.py');
    assert.equal(error, '');
    return events;
  };
  const [first, second, third] = [1, 2, 3].map((k) => `computed ${step(k)}`);
  const last = ['computed drawn', 'stopped'];
  assert.deepEqual(eventsWith(''), [first, second, third, ...last]);
  assert.deepEqual(eventsWith(step(2)), [first, second, `kept ${step(3)} []`, ...last]);
  assert.deepEqual(eventsWith(step(1)), [first, `kept ${step(2)} []`, `kept ${step(3)} []`, ...last]);
});
