import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { sampleText } from '../../src/core/report/sampleText.ts';
import type { StagePlan } from '../../src/core/sampling/plan/stagePlan.ts';
import { generateScript } from '../../src/core/spark/generate.ts';
import { Dice } from '../sampling/dice.ts';
import { csv, writeWorld } from '../sampling/listWorlds.ts';
import { writeResult } from './duckdbDialect.ts';
import { describe, placedRows } from './fileRows.ts';
import { comparableLock, fileLock, folderLock, run } from './locks.ts';
import { difference, jobAndFile, queryRows } from './sparkJob.ts';

let directory = '';
before(() => {
  directory = mkdtempSync(join(tmpdir(), 'recsample-sequence-counts-'));
});
after(() => rmSync(directory, { recursive: true, force: true }));

interface Compared {
  /** The lines of both reports about sequences. */
  readonly report: readonly string[];
  readonly lock: Readonly<Record<'counts' | 'sequence_counts', Readonly<Record<string, number>>>>;
}

/**
 * Draws the recall stage of a config locally and by the statements of its job. The rows, the lock files and what the
 * reports say about sequences must be equal.
 */
async function compared(
  config: string,
  split: StagePlan['split'],
  users: readonly string[] | null = null,
): Promise<Compared> {
  const about = `${readFileSync(config, 'utf8')} ${split} ${String(users)}`;
  const { job, facts, file, summary } = await jobAndFile(config, 'recall', { split }, users);
  const output = join(directory, 'job');
  const read = `read_parquet('${file}')`;
  const columns = await describe(read);
  const answers = await writeResult(generateScript(job, [], facts), job.plan.timezone, output, [
    placedRows(columns, 'result', null),
  ]);
  const rows = await queryRows(placedRows(columns, read, null));
  assert.equal(difference(answers[0] ?? [], rows), null, about);
  const { code, out, err } = await run(directory, 'lock', output);
  assert.equal(code, 0, `${err}\n${about}`);
  const lock = comparableLock(folderLock(output));
  assert.deepEqual(lock, comparableLock(fileLock(file)), about);
  const isAbout = (line: string): boolean => /steps per group|no group has a step|min_steps|left out of/.test(line);
  const local = sampleText(job.plan, summary, {
    file,
    width: 1000,
    locale: 'en',
    translate: (text) => text,
    colour: false,
  });
  const report = out.split('\n').filter(isAbout);
  assert.deepEqual(report, local.split('\n').filter(isAbout), about);
  return { report, lock: lock as unknown as Compared['lock'] };
}

interface WorldConfig {
  readonly output: { readonly sequences: Readonly<Record<string, { readonly length: number }>> };
  readonly stages: { readonly recall: { readonly positives: object } };
}

/** What the layout user allows of a sequence. */
function sliced(sequence: object): object {
  return { ...sequence, dedup: 'none', newest_first: false, session: undefined, columns: ['item', 'time', 'event'] };
}

test('a job counts short histories and events without a time as the local run does, in the lock file and the report', async () => {
  const [short, untimed] = [{ train: 0, eval: 0 }, new Set<string>()];
  const layouts = ['long', 'wide', 'request', 'user'];
  for (let seed = 0; seed < 8; seed++) {
    const dice = new Dice(`sequence counts ${seed}`);
    const { directory: world } = writeWorld(seed);
    const config = JSON.parse(readFileSync(join(world, 'world.ratio.json'), 'utf8')) as WorldConfig;
    const all = Object.entries(config.output.sequences);
    const limits = dice
      .some(all, dice.whole(1, 2))
      .map(([name, { length }]) => [name, dice.whole(1, Math.min(3, length))]);
    const { recall } = config.stages;
    const positives = {
      ...recall.positives,
      ...(dice.chance(0.5) ? { max_per_user_per_day: 4 } : {}),
      min_steps: Object.fromEntries(limits) as object,
    };
    const layout = layouts[seed % layouts.length] ?? '';
    const path = join(world, 'counts.ratio.json');
    writeFileSync(
      path,
      JSON.stringify({
        ...config,
        window: { train: { from: '2026-03-02', to: '2026-03-03' }, eval: { from: '2026-03-04', to: '2026-03-04' } },
        stages: { recall: { ...recall, positives } },
        output: {
          layout,
          sequences: Object.fromEntries(all.map(([name, one]) => [name, layout === 'user' ? sliced(one) : one])),
        },
      }),
    );
    for (const split of ['train', 'eval'] as const) {
      const { report, lock } = await compared(path, split, dice.chance(0.3) ? ['1', '3'] : null);
      const left = lock.counts['short_histories'] ?? assert.fail('no short_histories');
      short[split] += left;
      assert.equal(report.filter((line) => line.includes('min_steps')).length, left === 0 ? 0 : 1);
      for (const [name, count] of Object.entries(lock.sequence_counts))
        if (name.endsWith('.without_time') && count > 0) untimed.add(name.replace(/^\w+/, 'x'));
    }
  }
  assert.ok(short.train > 20 && short.eval > 5, JSON.stringify(short));
  assert.deepEqual([...untimed].sort(), ['x.clicks.orders.without_time', 'x.clicks.taps.without_time']);
});

test('a job on a log of five columns counts short histories as the local run does', async () => {
  const dice = new Dice('five columns');
  const rows = Array.from({ length: 300 }, () => {
    const [user, request] = [dice.whole(1, 20), dice.whole(1, 60)];
    const time = new Date(Date.UTC(2026, 2, 2 + dice.whole(0, 2)) + request * 60_000).toISOString();
    return [user, dice.whole(1, 15), time, dice.chance(0.4) ? 1 : 0, request];
  });
  csv('log', 'user,item,time,label,request', rows, directory);
  const path = join(directory, 'five.ratio.json');
  const config = {
    version: 1,
    seed: 1,
    timezone: 'UTC',
    data: {
      impressions: {
        path: 'log.csv',
        columns: Object.fromEntries(['user', 'item', 'time', 'request'].map((name) => [name, name])),
      },
    },
    events: { click: 'label' },
    window: { train: { from: '2026-03-02', to: '2026-03-03' }, eval: { from: '2026-03-04', to: '2026-03-04' } },
    stages: {
      recall: {
        unit: 'positive',
        positives: { events: { click: 1 }, max_per_user_per_day: 3, min_steps: { clicks: 2, seen: 3 } },
        negatives: { per_positive: 2, mix: { exposed_unclicked: 1 } },
      },
    },
    output: {
      layout: 'request',
      sequences: {
        clicks: { events: ['click'], length: 5, available_after: '1m' },
        seen: { events: ['impressions'], without: ['click'], length: 10, available_after: '10m', dedup: 'item' },
      },
    },
  };
  writeFileSync(path, JSON.stringify(config));
  for (const split of ['train', 'eval'] as const) {
    const { report, lock } = await compared(path, split);
    assert.equal(report.length, 3, report.join('\n'));
    assert.ok((lock.counts['short_histories'] ?? 0) > 5);
  }
});
