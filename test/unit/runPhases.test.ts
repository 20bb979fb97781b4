import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { MetricOutcome } from '../../src/core/audit/metric.ts';
import { fail } from '../../src/core/message/failure.ts';
import { message } from '../../src/core/message/message.ts';
import type { Tables } from '../../src/engine/tables/tables.ts';
import { AuditWorld } from '../../src/engine/audit/auditWorld.ts';
import { overviewOf } from '../../src/engine/audit/overview.ts';
import type { Phase, PhaseResults } from '../../src/engine/audit/phase.ts';
import { runPhases } from '../../src/engine/audit/runPhases.ts';
import type { SampleRelation } from '../../src/engine/audit/sampleRelation.ts';
import type { Rows } from '../../src/engine/database/connections.ts';
import type { AuditRequest } from '../../src/protocol/audit.ts';
import type { Progress } from '../../src/protocol/engine.ts';

const short = (): Error => fail('out-of-memory', message('There is not enough memory for this'));
const measured = { figures: [], tables: [], notes: [] };

function phaseOf(metric: string, run: Phase['run'], more: Partial<Phase> = {}): Phase {
  return { label: message('Counting rows'), metrics: [metric], run, ...more };
}

/** The world of a sample without columns. */
function worldWith(statement: (sql: string) => Promise<Rows>): AuditWorld {
  const relation = { isInferred: false, sql: 'rows', entryColumn: () => null, has: () => false, hasLabel: () => false };
  const sample = { ...relation, withRows: () => relation } as unknown as SampleRelation;
  const tables = { memoryBytes: 1e9, statement } as unknown as Tables;
  const shared = {
    inputs: null,
    expected: () => Promise.resolve(null),
    counts: {},
    made: new Map<string, Promise<string>>(),
    numbers: { next: 0 },
    short: new Set<() => void>(),
  };
  return new AuditWorld({} as AuditRequest, tables, sample, shared, null);
}

const nothing = worldWith(() => Promise.resolve([]));
const stateOf = (found: ReadonlyMap<string, MetricOutcome>, metric: string): string | undefined =>
  found.get(metric)?.state;

suite('phases of an audit', () => {
  test('one that is short of memory next to another runs once more, alone, and has one outcome', async () => {
    const events: string[] = [];
    const lasts = (metric: string, turns: number): Phase =>
      phaseOf(metric, async () => {
        events.push(`${metric} starts`);
        for (let k = 0; k < turns; k++) await setImmediate();
        events.push(`${metric} ends`);
        return { [metric]: measured };
      });
    let calls = 0;
    const mix = phaseOf('mix', async () => {
      events.push('mix starts');
      await setImmediate();
      if (++calls === 1) throw short();
      for (let k = 0; k < 3; k++) await setImmediate();
      events.push('mix ends');
      return { mix: measured };
    });
    const audited: string[] = [];
    const groups = [[mix, lasts('users', 5), lasts('time', 2)], [lasts('implied', 1)]];
    const found = await runPhases(
      nothing,
      [],
      { progress: (one) => audited.push(...(one.audited ?? []).map(({ metric, state }) => `${metric} ${state}`)) },
      groups,
    );
    assert.equal(calls, 2);
    assert.equal(stateOf(found, 'mix'), 'measured');
    assert.deepEqual(
      audited.filter((one) => one.startsWith('mix')),
      ['mix measured'],
    );
    assert.deepEqual(events.slice(-4), ['mix starts', 'mix ends', 'implied starts', 'implied ends']);
    assert.deepEqual(
      events.slice(0, -4).filter((event) => event.startsWith('mix')),
      ['mix starts'],
    );
  });

  test('one that is short of memory also alone says so, and the others go on', async () => {
    let calls = 0;
    const mix = phaseOf('mix', () => {
      calls++;
      return Promise.reject(short());
    });
    const users = phaseOf('users', () => Promise.resolve({ users: measured }));
    const found = await runPhases(nothing, [], {}, [[mix, users], [phaseOf('time', () => Promise.reject(short()))]]);
    assert.equal(calls, 2);
    const outcome = found.get('mix');
    assert.match(outcome?.state === 'not-run' ? outcome.because.text : '', /more memory/);
    assert.deepEqual([stateOf(found, 'users'), stateOf(found, 'time')], ['measured', 'not-run']);
  });

  test('a part that is short of memory is the only one that runs again', async () => {
    const calls: (string | null)[] = [];
    const mix = phaseOf('mix', ({ part }): Promise<PhaseResults> => {
      const value = part?.value ?? null;
      calls.push(value);
      if (value === 'b' && calls.length < 4) return Promise.reject(short());
      return Promise.resolve({ mix: { ...measured, figures: [figure] } });
    });
    const figure = { id: 'n', label: message('Counting rows'), value: 1, unit: 'count' as const };
    const users = phaseOf('users', () => Promise.resolve({ users: measured }), { ofParts: false });
    const found = await runPhases(nothing, ['a', 'b', 'c'], {}, [[mix, users]]);
    assert.deepEqual(calls, [null, 'a', 'b', 'c', 'b']);
    const outcome = found.get('mix');
    const [table] = outcome?.state === 'measured' ? outcome.tables : [];
    assert.deepEqual(
      table?.rows,
      ['a', 'b', 'c'].map((value) => [value, 1]),
    );
  });

  for (const [title, run] of [
    [
      'a table',
      async (world, work) => ({
        rows: measured,
        table: await world.once('t', 'SELECT 1', message('Counting rows'), work),
      }),
    ],
    ['the overview', async (world, work) => ({ rows: measured, overview: await overviewOf(world, work) })],
  ] as const satisfies readonly (readonly [string, (...of: Parameters<Phase['run']>) => Promise<object>])[])
    test(`${title} that does not fit is tried once next to others, and once alone`, async () => {
      const statements: string[] = [];
      const world = worldWith(async (sql) => {
        statements.push(sql);
        await setImmediate();
        throw short();
      });
      const phases = ['mix', 'users', 'time'].map((metric) =>
        phaseOf(metric, async (...of): Promise<PhaseResults> => {
          await run(...of);
          return { [metric]: measured };
        }),
      );
      const found = await runPhases(world, [], {}, [phases]);
      assert.equal(statements.length, 2);
      for (const metric of ['mix', 'users', 'time']) assert.equal(stateOf(found, metric), 'not-run');
    });

  test('progress never goes back, ends at 1, and names the phase that started first', async () => {
    let calls = 0;
    const lasts = (metric: string, turns: number, isShort = false): Phase =>
      phaseOf(
        metric,
        async (_, work) => {
          for (let statement = 0; statement < 2; statement++)
            for (let k = 0; k < turns; k++) {
              work.progress?.({ fraction: k === 0 ? null : k / turns, message: message('Counting rows') });
              await setImmediate();
            }
          if (isShort && ++calls === 1) throw short();
          return { [metric]: measured };
        },
        { label: { text: metric } },
      );
    const reports: Progress[] = [];
    const groups = [[lasts('rows', 2)], [lasts('mix', 9), lasts('users', 4, true), lasts('time', 3)]];
    await runPhases(nothing, ['a', 'b'], { progress: (one) => reports.push(one) }, groups);
    assert.equal(calls, 4);
    const fractions = reports.map(({ fraction }) => fraction ?? NaN);
    assert.deepEqual(
      fractions,
      [...fractions].sort((a, b) => a - b),
    );
    assert.equal(fractions.at(-1), 1);
    const names = reports.map(({ message: { text } }) => text);
    // Until `mix` ends, `users` and `time` have their names only in their first report and in that of their results.
    const untilMix = names.slice(names.indexOf('mix'), names.lastIndexOf('mix') + 1);
    assert.deepEqual(
      untilMix.filter((name) => name !== 'mix'),
      ['users', 'time', 'time'],
    );
  });
});
