import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { aliasTable } from '../../src/core/sampling/alias.ts';
import { keyedDraw } from '../../src/core/sampling/keyedDraw.ts';
import { Script } from '../../src/core/spark/script.ts';
import { col, int, sql } from '../../src/core/relation/expression.ts';
import { select, unionAll } from '../../src/core/relation/relation.ts';
import { Dice } from '../sampling/dice.ts';
import { fakeSpark, python, pythonFunction, skip } from './fakeSpark.ts';

const { write, run } = fakeSpark();

test('the driver makes further attempts as the kernel', { skip }, () => {
  const dice = new Dice('further attempts');
  const salts = { s0: dice.whole(0, 2 ** 32 - 1), s1: dice.whole(0, 2 ** 32 - 1) };
  const word = (): number => dice.whole(0, 2 ** 32 - 1);
  const all = [1, 2, 3, 40, 64, 300].flatMap((size) =>
    Array.from({ length: 40 }, (_, n) => {
      const quota = dice.whole(1, 20);
      const items = Array.from({ length: size }, (_one, k) => (n % 2 === 0 ? 7 * k + 3 : `item ${k}`));
      const never = items.filter(() => dice.chance(0.3));
      const group = { k0: word(), k1: word(), quota };
      const weights = items.map(() => dice.whole(1, 50));
      const { bits, columns } = aliasTable(Float64Array.from(weights));
      /** The first distinct items that attempts before one accept. */
      const drawn = (attempts: number): readonly (number | string)[] => {
        const found = Array.from({ length: attempts }, (_one, k) => {
          const { a, b } = keyedDraw(group.k0, group.k1, salts, k);
          const j = bits === 0 ? 0 : a >>> (32 - bits);
          const [threshold = 0, alias = 0] = columns.subarray(2 * j);
          return items[b < threshold ? j : alias] ?? '';
        });
        return [...new Set(found.filter((item) => !never.includes(item)))].slice(0, quota);
      };
      const first = drawn(quota + (quota >> 3) + 1);
      return { given: { ...group, pool: items, weights, never, items: first }, expected: drawn(8 * quota + 64) };
    }),
  );
  // Of the others, the driver hears nothing.
  const short = all.filter(({ given }) => given.items.length < given.quota);
  const cases = short.map(({ given }) => given);
  const expected = short.map((one) => one.expected);
  const program = [
    'import json, math',
    'UNIT = 1 << 32',
    ...['bits_of', 'alias_rows', 'fmix32', 'further_items'].map(pythonFunction),
    `for one in json.loads('${JSON.stringify(cases)}'):`,
    '    columns = [column for _, *column in sorted(alias_rows(one["weights"]))]',
    `    print(json.dumps(further_items(one, set(one["never"]), (${salts.s0}, ${salts.s1}), one["pool"], columns)))`,
  ];
  const { stdout, stderr } = spawnSync(python, ['-'], { input: program.join('\n'), encoding: 'utf8' });
  assert.equal(stderr, '');
  assert.deepEqual(
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
    expected,
  );
  for (const isText of [true, false])
    for (const isFull of [true, false])
      assert.ok(
        short.some(({ given: { pool, quota }, expected: { length } }) => {
          return isText === (typeof pool[0] === 'string') && isFull === (length === quota);
        }),
      );
});

test('the driver makes the further attempts of few groups, and statements make those of many', { skip }, () => {
  const script = new Script();
  script.section('Steps');
  script.view('p__items', select([['x', int(1)]], null));
  script.table('p__ranges', select(['x'], 'p__items'));
  script.noteAliasTable('p');
  script.table('p__alias', select(['x'], 'p__ranges'));
  script.table('excluded_0', select([['x', int(1)]], null));
  script.table('p__accepted_1', select(['x'], 'p__alias'));
  for (const k of [2, 3]) script.table(`p__accepted_${k}`, select(['x'], `p__accepted_${k - 1}`));
  script.noteFurtherAttempts({
    ...{ entry: 'p', salts: [1, 2], quota: 2 },
    groups: select(['user'], 'p__accepted_1', { where: [sql`${col('missing')} > ${int(0)}`] }),
    excluded: select(['user', 'part', 'item'], 'excluded_0'),
  });
  script.table('drawn', unionAll(select(['x'], 'p__accepted_2'), select(['x'], 'p__accepted_3')));
  write('further.py', script);
  // Items 7 and 8. User 1 may have both, user 2 not 7, which is excluded, and user 3 not 7 either: it is the own item.
  const short = [
    [1, 0, 5, 6, 2, [8], 4],
    [2, 0, 7, 8, 2, [8], 4],
    [3, 0, 9, 1, 2, [8], 7],
  ];
  const eventsWith = (groups: readonly unknown[], more: Readonly<Record<string, string>> = {}): string[] => {
    const known = { ITEMS: '2', SHORT: JSON.stringify(groups), EXCLUDED: '[[2, 0, 7]]' };
    const { events, error } = run({ ...known, ...more }, 'further.py');
    assert.equal(error, '');
    return events.filter((event) => /accepted_[23]|drawn/.test(event) && !event.startsWith('view'));
  };
  const kept = (step: number, users: readonly number[], items: readonly number[]): string => {
    const list = (one: (user: number) => unknown): string => users.map((user) => JSON.stringify(one(user))).join(', ');
    const [k0, k1] = [2, 3].map((column) => list((user) => short[user - 1]?.[column]));
    const key = `"user": [${list((user) => user)}], "part": [${list(() => 0)}], "k0": [${k0 ?? ''}], "k1": [${k1 ?? ''}]`;
    const drawn = users.map(() => `[${items.join(', ')}]`).join(', ');
    const rest = `"quota": [${list(() => 2)}], "items": [${drawn}], "missing": [${list(() => 2 - items.length)}]`;
    return `kept p__accepted_${step}_lists [{"p__accepted_${step}": {${key}, ${rest}}}]`;
  };
  assert.deepEqual(eventsWith(short), [kept(2, [1], [8, 7]), kept(3, [2, 3], [8]), 'computed drawn']);
  assert.deepEqual(eventsWith([]), ['kept p__accepted_2 []', 'kept p__accepted_3 []', 'computed drawn']);
  const computed = ['computed p__accepted_2', 'computed p__accepted_3', 'computed drawn'];
  // Many groups, many excluded items, and a large pool.
  assert.deepEqual(eventsWith(short.slice(0, 1), { TIMES: 'SHORT 5001' }), computed);
  assert.deepEqual(eventsWith(short, { TIMES: 'EXCLUDED 200001' }), computed);
  assert.deepEqual(eventsWith(short, { ITEMS: '100001' }), computed);
  // Few groups and excluded items, but with long ids.
  const long = { LENGTH: '1000', EXCLUDED: JSON.stringify([[1, 0, 'a'.repeat(1000)]]) };
  const alike = [[1, 0, 5, 6, 2, [], 4]];
  const ofLong = (times: string): string[] => eventsWith(alike, { ...long, TIMES: times });
  for (const times of ['SHORT 2000', 'EXCLUDED 4000'])
    assert.deepEqual(
      ofLong(times).map((event) => event.split(' ', 2).join(' ')),
      ['kept p__accepted_2', 'kept p__accepted_3_lists', 'computed drawn'],
    );
  for (const times of ['SHORT 2001', 'EXCLUDED 4001']) assert.deepEqual(ofLong(times), computed);
});
