import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { auditOf, measured, table, written } from './auditCase.ts';
import { auditedStage, writtenSample, writtenWorld, type RequestType, type Sampled, type Shown } from './auditStage.ts';

/** Ids that must stay exact: integers that no double holds, unsigned ones beyond int64, and texts. NULL: no id. */
const kinds = {
  BIGINT: ['9007199254740993', '9007199254740992', '-9007199254740993', null],
  UBIGINT: ['18446744073709551615', '18446744073709551614', '9223372036854775808', null],
  VARCHAR: ["'a'", "'A'", "''", null],
} as const;

/** A row of a sample with any ids and names, also those that no healthy file has. */
interface OddRow {
  readonly user: number;
  readonly item: number;
  readonly request: number;
  readonly label: 0 | 1 | null;
  readonly entry: string | null;
}

const names = ['pool', 'POOL', "it's", ''];
const rowsWith = (positive: readonly (string | null)[], negative: readonly (string | null)[]): fc.Arbitrary<OddRow[]> =>
  fc.array(
    fc
      .oneof(
        { weight: 3, arbitrary: fc.tuple(fc.constant(0 as const), fc.constantFrom(...negative)) },
        { weight: 1, arbitrary: fc.tuple(fc.constantFrom(1 as const, null), fc.constantFrom(...positive)) },
      )
      .chain(([label, entry]) =>
        fc.record({
          user: fc.nat(3),
          item: fc.nat(3),
          request: fc.nat(2),
          label: fc.constant(label),
          entry: fc.constant(entry),
        }),
      ),
    { minLength: 1, maxLength: 40 },
  );

const text = (value: string | null): string => (value === null ? 'NULL' : `'${value.replaceAll("'", "''")}'`);
const key = (...values: readonly unknown[]): string => JSON.stringify(values);

suite('counts of files with any ids and entries, against a plain recomputation', () => {
  for (const [kind, ids] of Object.entries(kinds))
    for (const [title, rows] of [
      ['only negatives have entries', rowsWith([null], names)],
      [
        'positives and rows without a label have entries too, and some negatives none',
        rowsWith([null, 'pool'], [...names, null]),
      ],
    ] as const)
      test(`${kind}: ${title}`, async () => {
        await fc.assert(
          fc.asyncProperty(rows, async (some) => {
            const id = (k: number): string => ids[k] ?? 'NULL';
            const values = some.map(
              ({ user, item, request, label, entry }) =>
                `(${id(user)}::${kind}, ${id(item)}::${kind}, ${request}, ${label ?? 'NULL'}::TINYINT, ${text(entry)}::VARCHAR)`,
            );
            const answer = await auditOf(
              await written(
                `SELECT * FROM (VALUES ${values.join(', ')}) t(user_id, item_id, request_id, label, entry)`,
              ),
            );
            const negatives = some.filter(({ label }) => label === 0);
            const expected = new Map<string, number>();
            for (const { entry } of negatives) expected.set(key(entry), (expected.get(key(entry)) ?? 0) + 1);
            const found = table(measured(answer, 'mix'), 'entries').filter(([, count]) => count !== 0);
            assert.deepEqual(new Map(found.map(([entry, count]) => [key(entry), count])), expected);

            const whole = negatives.filter(({ user, item }) => ids[user] !== null && ids[item] !== null);
            const ofRequest = negatives.filter(({ item }) => ids[item] !== null);
            const levels = table(measured(answer, 'duplicates'), 'levels');
            const level = (name: string): readonly unknown[] | undefined =>
              levels.find(([one]) => one === name)?.slice(1, 3);
            const repeated = (of: readonly OddRow[], by: (row: OddRow) => string): [number, number] => [
              of.length,
              of.length - new Set(of.map(by)).size,
            ];
            assert.deepEqual(
              level('row'),
              repeated(some, (row) => key(row)),
            );
            assert.deepEqual(
              level('user_item'),
              repeated(whole, ({ user, item }) => key(user, item)),
            );
            assert.deepEqual(
              level('request_item'),
              repeated(ofRequest, ({ request, item }) => key(request, item)),
            );
          }),
          { numRuns: 8 },
        );
      });
});

const integers = ['1', '2', '3', '9007199254740992', '9007199254740993', null];
/** The types of requests in the log and in the sample, and their values. Integers and texts are compared as texts. */
const requestTypes: readonly (readonly [RequestType, RequestType, readonly (string | null)[]])[] = [
  ['VARCHAR', 'VARCHAR', ['a', 'b', 'c', 'd', 'B', '', null]],
  ['BIGINT', 'BIGINT', integers],
  ['BIGINT', 'VARCHAR', integers],
  ['VARCHAR', 'BIGINT', integers],
];

for (const [ofLog, ofSample, values] of requestTypes)
  test(`requests of exposed negatives, where pairs were shown in many requests: ${ofLog} and ${ofSample}`, async () => {
    const request = fc.constantFrom(...values);
    const shown = fc.record({ user: fc.nat(1), item: fc.nat(2), request, hour: fc.nat(30), click: fc.boolean() });
    const drawn = fc
      .record({ user: fc.nat(2), item: fc.nat(3), request: fc.oneof(request, fc.constant('77')) })
      .map((row): Sampled => ({ ...row, label: 0, entry: 'pool', positive: 0, hour: 1 }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(shown, { minLength: 1, maxLength: 40 }),
        fc.array(drawn, { minLength: 1, maxLength: 30 }),
        async (log: readonly Shown[], negatives) => {
          const own = await writtenWorld({
            log,
            candidates: [{ request: '1', item: 0, rank: 1 }],
            items: new Map([0, 1, 2, 3].map((item) => [item, 'Rome'])),
            users: new Map([0, 1, 2].map((user) => [user, 'gold'])),
            requests: ofLog,
          });
          const positive: Sampled = { user: 0, item: 0, request: '1', label: 1, entry: null, positive: 0, hour: 1 };
          const sample = await writtenSample(own, [positive, ...negatives], true, { requests: ofSample });
          const audited = await auditedStage(own, sample);
          // The window of the split ends with its first day.
          const until = log.filter(({ hour }) => hour < 24);
          const ofPair = (row: Sampled): readonly Shown[] =>
            until.filter(({ user, item }) => user === row.user && item === row.item);
          const exposed = negatives.filter((row) => ofPair(row).length > 0);
          const same = exposed.filter((row) =>
            ofPair(row).some((one) => one.request !== null && one.request === row.request),
          );
          const [entries] = measured(audited.answer, 'exposed_requests').tables;
          const columns = ['split', 'entry', 'rows', 'exposed', 'same_request'];
          const places = columns.map((column) => entries?.columns.findIndex(({ id }) => id === column) ?? -1);
          // Only entries with exposed negatives are listed.
          assert.deepEqual(
            entries?.rows.map((row) => places.map((place) => row[place])),
            exposed.length === 0 ? [] : [['train', 'pool', negatives.length, exposed.length, same.length]],
          );
        },
      ),
      { numRuns: 6 },
    );
  });
