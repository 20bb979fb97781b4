import '../engine/twoThreads.ts';
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { withConnection } from '../engine/testDatabase.ts';
import type { PreviewRow } from '../../src/core/sampling/drawn.ts';
import type { SamplingRequest } from '../../src/protocol/sampling.ts';
import { engine, folder } from '../engine/fixture.ts';
import { Dice } from './dice.ts';
import { randomWorld } from './randomWorld.ts';
import { overridesOf, previewOf, requestOf } from './sampled.ts';
import { formats, WorldFiles } from './worldFiles.ts';
import type { World } from './world.ts';
import { testWorlds } from './worldParts.ts';
import { ownNames } from '../../src/core/data/outputName.ts';

/** Worlds per run; a higher RECSAMPLE_WORLDS searches longer. */
const worlds = Number(process.env['RECSAMPLE_WORLDS'] ?? 24);

let files: WorldFiles;
before(async () => {
  files = await WorldFiles.open();
});
after(() => {
  files.close();
});

/** Every user that a file of the world names. */
function usersOf({ tables, config: { data } }: World): string[] {
  const named = Object.entries(tables).flatMap(([name, table]) => {
    const { user } =
      (data as Readonly<Record<string, { readonly columns: Readonly<Record<string, unknown>> } | undefined>>)[name]
        ?.columns ?? {};
    return typeof user === 'string' ? table.rows.map((row) => row[user]) : [];
  });
  return [...new Set(named.filter((user) => user !== null && user !== undefined).map(String))];
}

/** All rows of a file in file order, each as the text that the preview shows for it. */
async function writtenRows(
  request: SamplingRequest,
  directory: string,
  blockRows: number,
  threads = 1,
): Promise<string[]> {
  const path = join(directory, `written-${blockRows}-${threads}.parquet`);
  await engine.call('sample', {
    ...request,
    users: null,
    allowEmpty: true,
    output: { path, format: 'parquet', layout: 'long', names: ownNames, passThrough: [], within: null, facts: {} },
    blockRows,
    threads,
  });
  return await withConnection(async (connection) => {
    const rows = await (
      await connection.run(
        `SELECT * REPLACE (CAST("user" AS VARCHAR) AS "user", CAST(item AS VARCHAR) AS item) FROM read_parquet('${path}')`,
      )
    ).getRowObjectsJson();
    return rows.map(
      ({
        user,
        item,
        label,
        source,
        entry,
        draw = null,
        log_q = null,
        log_q_mix = null,
        logq_correction = null,
        log_q_batch = null,
        logq_correction_batch = null,
        weight,
        keep_prob = null,
      }) =>
        JSON.stringify([
          ...[user, item, label, source, entry, draw, log_q, log_q_mix],
          ...[logq_correction, log_q_batch, logq_correction_batch, weight, keep_prob],
        ]),
    );
  });
}

/** Shortfalls do not end the run; another test covers that. */
const keeping = ({ plan, data }: SamplingRequest): SamplingRequest => ({
  data,
  plan: { ...plan, onShortfall: plan.onShortfall === 'fail' ? 'keep' : plan.onShortfall },
});

const shownRow = (
  user: string,
  { item, label, source, entry, draw, logQ, logQMix, corrections, weight, keepProbability }: PreviewRow,
): string => {
  const { logqCorrection = null, logQBatch = null, logqCorrectionBatch = null } = corrections ?? {};
  return JSON.stringify([
    ...[user, item, label, source, entry, draw, logQ, logQMix],
    ...[logqCorrection, logQBatch, logqCorrectionBatch, weight, keepProbability],
  ]);
};

let rows = 0;
testWorlds(
  'a whole file equals the preview for any blocks, threads and inputs',
  { worlds, most: 4, usesReference: false },
  async (k) => {
    const world = randomWorld(`file ${k}`);
    const directory = join(folder, `file-${k}`);
    try {
      const [one, other] = [join(directory, 'one'), join(directory, 'other')];
      const request = keeping(
        await requestOf(
          await files.write(world, one, formats[k % formats.length] ?? 'parquet', new Dice(`${world.name} one`)),
          world.stage,
          overridesOf(world),
        ),
      );
      const { users } = await previewOf(request, usersOf(world));
      const byUser = new Map(
        users.map(({ user, groups }) => [
          user,
          groups.flatMap((group) => group.rows.map((row) => shownRow(user, row))),
        ]),
      );
      const written = await writtenRows(request, one, 200_000);
      // Integers by value, strings by their bytes.
      const order =
        typeof world.tables.impressions?.rows[0]?.['user_id'] === 'string'
          ? [...byUser.keys()].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
          : [...byUser.keys()].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
      assert.deepEqual(
        written,
        order.flatMap((user) => byUser.get(user) ?? []),
        `${world.name}: a file and its preview`,
      );
      assert.equal(
        written.length,
        [...byUser.values()].reduce((sum, { length }) => sum + length, 0),
        `${world.name}: users without rows`,
      );
      assert.deepEqual(await writtenRows(request, one, 3), written, `${world.name}: small blocks`);
      // Starting threads takes longer than drawing these worlds, so use them only for every fourth.
      if (k % 4 === 0) assert.deepEqual(await writtenRows(request, one, 7, 2), written, `${world.name}: two threads`);
      const shuffled = keeping(
        await requestOf(
          await files.write(world, other, formats[k % formats.length] ?? 'parquet', new Dice(`${world.name} other`)),
          world.stage,
          overridesOf(world),
        ),
      );
      assert.deepEqual(await writtenRows(shuffled, other, 50), written, `${world.name}: another order, other files`);
      rows += written.length;
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
  () => {
    assert.ok(rows > worlds * 10, `${rows} rows`);
  },
);
