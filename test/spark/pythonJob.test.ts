import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { aliasTable } from '../../src/core/sampling/alias.ts';
import { aliasRows } from '../../src/core/spark/pythonAlias.ts';
import { sparkPythonText } from '../../src/core/spark/pythonText.ts';
import { Script } from '../../src/core/spark/script.ts';
import { col, int, text } from '../../src/core/spark/sql/expression.ts';
import { select, unionAll } from '../../src/core/spark/sql/relation.ts';
import { Dice } from '../sampling/dice.ts';

const python = process.env['RECSAMPLE_PYTHON'] ?? '';
const skip = python === '' ? 'no Python' : false;

/**
 * In the place of Spark: prints the steps when their rows are computed. `TOGETHER`: steps that wait for each other.
 * `FAILS`: steps that fail, each after those before it. `HANGS`: a step that ends when it is cancelled. `FULL`: a step
 * without groups that need more attempts.
 */
const pyspark = `import json, os, threading

def names(variable):
    return os.environ.get(variable, "").split()

together = threading.Barrier(max(1, len(names("TOGETHER"))))
failed = {name: threading.Event() for name in names("FAILS")}
cancelled, hangs = threading.Event(), threading.Event()
PATIENCE = 60


running = threading.local()


class Context:
    def setJobDescription(self, name):
        running.step = name

    def addJobTag(self, tag):
        self.tag = tag

    def cancelJobsWithTag(self, tag):
        assert tag == self.tag
        print("cancelled", flush=True)
        cancelled.set()
        # As a context that has stopped.
        raise RuntimeError("stopped")


class SparkSession:
    sparkContext = Context()

    class builder:
        @staticmethod
        def appName(name):
            return SparkSession.builder

        @staticmethod
        def getOrCreate():
            return SparkSession()

    def stop(self):
        print("stopped", flush=True)

    def sql(self, statement):
        if "@text" in statement:
            print("read " + json.dumps(statement.split("@text")[1]), flush=True)
        if statement.lstrip().startswith("INSERT "):
            compute()
        return Rows()

    @property
    def read(self):
        return Reader()

    def table(self, name):
        assert name in kept or any(folder.endswith("/" + name) for folder in folders)
        return Table(name)

    def createDataFrame(self, rows, types):
        return Rows(rows)

    class _jsparkSession:
        @staticmethod
        def createDataFrame(rows, schema):
            return Kept(rows)


class Rows:
    """Of a query, which is computed when its rows are written or collected."""

    schema = "the schema"

    def __init__(self, known=None):
        self.known = known

    @property
    def _jdf(self):
        return Java(self.known)

    @property
    def write(self):
        return self

    def mode(self, name):
        assert name == "overwrite"
        return self

    def parquet(self, folder):
        assert not running.step.startswith("check_")
        compute()
        folders.add(folder)

    def collect(self):
        compute()

    def limit(self, count):
        assert count == 0
        return Rows([])


class Java:
    def __init__(self, known):
        self.known = known

    def collectAsList(self):
        if self.known is None:
            compute()
        return self.known

    def schema(self):
        return Rows.schema


class Kept:
    def __init__(self, rows):
        self.rows = rows

    def createOrReplaceTempView(self, name):
        kept.add(name)
        if self.rows == []:
            full.add(name)
        print("kept " + name + " " + json.dumps(self.rows) + "\\n", end="", flush=True)


class Table:
    """The size of a pool, its places and weights, or the groups that are not full."""

    def __init__(self, name):
        self.name = name

    def select(self, *columns):
        assert columns == ("place", "weight") and self.name.endswith("__pool")
        return self

    def where(self, condition):
        assert condition == "missing > 0"
        return self

    def limit(self, count):
        assert count == 1
        return self

    def collect(self):
        if "__accepted_" in self.name:
            return [] if self.name in full else ["a group"]
        return [{"items": int(os.environ["ITEMS"])}] if self.name.endswith("__size") else [(1, 3), (0, 1)]


class Reader:
    types = None

    def schema(self, schema):
        self.types = schema
        return self

    def parquet(self, folder):
        assert folder in folders
        # Without types, Spark would read them from a file.
        assert self.types == Rows.schema
        return self

    def createOrReplaceTempView(self, name):
        assert name == running.step


folders, kept, full = set(), set(), set(names("FULL"))


def compute():
    step = running.step
    if step in names("TOGETHER"):
        together.wait(PATIENCE)
    if step in names("HANGS"):
        hangs.set()
        assert cancelled.wait(PATIENCE)
        raise RuntimeError(step + " was cancelled")
    if step in failed:
        if names("HANGS"):
            assert hangs.wait(PATIENCE)
        for other in names("FAILS"):
            if other == step:
                break
            assert failed[other].wait(PATIENCE)
        failed[step].set()
        raise RuntimeError(step + " failed")
    print("computed " + step + "\\n", end="", flush=True)
`;

let directory = '';
before(() => {
  directory = mkdtempSync(join(tmpdir(), 'recsample-python-job-'));
  mkdirSync(join(directory, 'pyspark'));
  writeFileSync(join(directory, 'pyspark', '__init__.py'), '');
  writeFileSync(join(directory, 'pyspark', 'sql.py'), pyspark);
  writeFileSync(join(directory, 'job.py'), job());
});
after(() => rmSync(directory, { recursive: true, force: true }));

/** Three tables without needs, one that reads two of them, a check, the result and its counts. */
function job(): string {
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
  return sparkPythonText(script, [], 'UTC', { output: 's3a://samples/out', work: 's3a://samples/work' });
}

interface Ended {
  readonly events: readonly string[];
  /** Of the statements, as they begin. */
  readonly lines: readonly string[];
  readonly error: string;
}

function run(env: Readonly<Record<string, string>>, file = 'job.py'): Ended {
  const { stdout, stderr } = spawnSync(python, [file], {
    cwd: directory,
    env: { ...process.env, PYTHONPATH: directory, ...env },
    encoding: 'utf8',
  });
  return {
    events: stdout.split('\n').filter((line) => /^(computed|kept|cancelled|stopped)/.test(line)),
    lines: stdout.split('\n').filter((line) => /^\d+\/\d+ /.test(line)),
    error: stderr.trimEnd().split('\n').at(-1) ?? '',
  };
}

test('steps of job.py run at the same time if they do not need each other, and after what they need', { skip }, () => {
  const { events, lines, error } = run({ TOGETHER: 'first second third' });
  assert.equal(error, '');
  // A statement that holds the text of a failure would look like one.
  for (const shown of ['check_first: check', 'joined: s3a://samples/', 'both: CREATE OR REPLACE '])
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
  const { events, error } = run({ FAILS: 'third second' });
  assert.equal(error, 'RuntimeError: second failed');
  assert.deepEqual(
    events.filter((one) => one !== 'computed check_first'),
    ['computed first'],
  );
});

test('a step that fails cancels later ones that still run', { skip }, () => {
  const { events, error } = run({ FAILS: 'first', HANGS: 'third' });
  assert.equal(error, 'RuntimeError: first failed');
  assert.deepEqual(new Set(events), new Set(['computed second', 'cancelled']));
});

test('texts with quotes stay texts', { skip }, () => {
  const script = new Script();
  script.section('Steps');
  const hostile = '"""", exit(3), r""" and \\ \n """';
  script.table('first', select([['x', text('@text"""", exit(3), r"""x@text')]], null), hostile);
  writeFileSync(
    join(directory, 'quotes.py'),
    sparkPythonText(script, [['a"""b', hostile]], 'UTC', { output: 's3a://samples/out', work: 's3a://samples/work' }),
  );
  const { stdout, status } = spawnSync(python, ['quotes.py'], {
    cwd: directory,
    env: { ...process.env, PYTHONPATH: directory },
    encoding: 'utf8',
  });
  assert.equal(status, 0);
  assert.ok(stdout.includes(`read ${JSON.stringify('"""", exit(3), r"""x')}\n`), stdout);
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
    ...aliasRows,
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

test('the driver makes a small alias table, and statements make a large one', { skip }, () => {
  const script = new Script();
  script.section('Steps');
  const one = select([['x', int(1)]], null);
  script.fewRows('p__size', one);
  script.table('p__pool', one);
  script.noteAliasTable('p');
  script.view('p__columns', unionAll(select(['x'], 'p__size'), select(['x'], 'p__pool')));
  script.table('p__search', select(['x'], 'p__columns'));
  script.table('p__alias', select(['x'], 'p__search'));
  script.table('drawn', select(['x'], 'p__alias'));
  const places = { output: 's3a://samples/out', work: 's3a://samples/work' };
  writeFileSync(join(directory, 'pool.py'), sparkPythonText(script, [], 'UTC', places));
  const before = ['computed p__size', 'kept p__size null', 'computed p__pool'];
  const ends = (items: number): readonly string[] => {
    const { events, error } = run({ ITEMS: String(items) }, 'pool.py');
    assert.equal(error, '');
    assert.deepEqual(events.slice(0, 3).sort(), [...before].sort());
    return events.slice(3);
  };
  // Column 0 has half of its mass, and the other half is of item 1.
  const table = 'kept p__alias [[0, 2147483648, 1], [1, 4294967296, 1]]';
  assert.deepEqual(ends(2), [table, 'computed drawn', 'stopped']);
  assert.deepEqual(ends(100_001), ['computed p__search', 'computed p__alias', 'computed drawn', 'stopped']);
});

test('attempts that no group needs are left out', { skip }, () => {
  const script = new Script();
  script.section('Steps');
  const step = (k: number): string => `p__accepted_${k}`;
  script.table(step(1), select([['missing', int(1)]], null));
  for (const k of [2, 3]) {
    script.table(step(k), select(['missing'], step(k - 1)));
    script.noteLaterAttempts(step(k), step(k - 1));
  }
  script.table('drawn', select(['missing'], step(3)));
  const places = { output: 's3a://samples/out', work: 's3a://samples/work' };
  writeFileSync(join(directory, 'attempts.py'), sparkPythonText(script, [], 'UTC', places));
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
