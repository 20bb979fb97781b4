import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { generateScript } from '../../src/core/spark/generate.ts';
import { Dice } from '../sampling/dice.ts';
import { writeWorld } from '../sampling/listWorlds.ts';
import { answersOf } from './duckdbDialect.ts';
import { columnsOf, comparable, difference, jobAndFile, queryRows } from './sparkJob.ts';

interface WorldConfig {
  readonly output: { readonly sequences: Readonly<Record<string, { readonly length: number }>> };
  readonly stages: { readonly recall: { readonly positives: object } };
}

test('min_steps leaves out the same positives in a job as in a local file, and those with shorter lists', async () => {
  let [left, all] = [0, 0];
  for (let seed = 0; seed < 8; seed++) {
    const dice = new Dice(`min steps ${seed}`);
    const { directory } = writeWorld(seed);
    const config = JSON.parse(readFileSync(join(directory, 'world.ratio.json'), 'utf8')) as WorldConfig;
    const { sequences } = config.output;
    const [name, { length }] = dice.pick(Object.entries(sequences));
    const steps = dice.whole(1, Math.min(3, length));
    const isBatched = dice.chance(0.5);
    const written = (more: object): string => {
      const { recall } = config.stages;
      const limits = isBatched ? { max_per_user_per_day: 4 } : {};
      const stage = {
        ...recall,
        positives: { ...recall.positives, ...limits, ...more },
        ...(isBatched ? { training: { in_batch: { batch_size: 4 }, logq: 'shares' } } : {}),
      };
      const window = {
        train: { from: '2026-03-02', to: '2026-03-03' },
        eval: { from: '2026-03-04', to: '2026-03-04' },
      };
      const path = join(directory, `steps-${Object.keys(more).length}.ratio.json`);
      writeFileSync(path, JSON.stringify({ ...config, window, stages: { recall: stage } }));
      return path;
    };
    for (const split of ['train', 'eval'] as const) {
      const { file: full } = await jobAndFile(written({}), 'recall', { split });
      const groups = 'SELECT DISTINCT "user", positive_item, time, request';
      const expected = await queryRows(
        `${groups} FROM read_parquet('${full}') ${split === 'train' ? `WHERE len(${name}__item) >= ${steps}` : ''} ORDER BY ALL`,
      );
      const before = await queryRows(`${groups} FROM read_parquet('${full}')`);
      const { job, file } = await jobAndFile(written({ min_steps: { [name]: steps } }), 'recall', { split });
      assert.deepEqual(
        await queryRows(`${groups} FROM read_parquet('${file}') ORDER BY ALL`),
        expected,
        `${seed} ${split}`,
      );
      const names = await columnsOf(file);
      const [ours = []] = await answersOf(generateScript(job), job.plan.timezone, [comparable(names, 'result')]);
      const local = await queryRows(comparable(names, `read_parquet('${file}')`));
      assert.equal(difference(ours, local), null, `world ${seed} ${split} ${name} ${steps}`);
      left += expected.length;
      all += before.length;
    }
  }
  assert.ok(left > 30 && left < all, `${left} of ${all}`);
});
