import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answers } from '../../src/core/data/facts.ts';
import { engine, parquet } from './fixture.ts';

test('negatives that no channel, or not the channel of their entry, returned for their request', async () => {
  const candidates = await parquet(
    'channels-candidates.parquet',
    `SELECT * FROM (VALUES (1, 10, 'hot', 3), (1, 11, 'i2i', 1), (1, 12, 'i2i', 2), (2, 10, 'u2i', 1)) t(request, item, channel, rank)`,
  );
  // Item 10 is a candidate of both requests, item 12 of the first only, and item 13 of none.
  const sample = await parquet(
    'channels-sample.parquet',
    `SELECT * FROM (VALUES (1, 10), (1, 12), (2, 12), (1, 13), (3, 10)) t(request, item), (VALUES (0)) l(label)`,
  );
  const columns = { item: { name: 'item' }, request: { name: 'request' } };
  const asked = async (channel: string | null): Promise<Answers['candidate-rows']['entries'][number]> => {
    const ref = { id: sample, path: sample };
    const answer = (await engine.call('answer', {
      ref,
      question: {
        kind: 'candidate-rows',
        timezone: 'UTC',
        samples: { ref, layout: 'long', columns: { ...columns, label: { name: 'label' } } },
        candidates: {
          ref: { id: candidates, path: candidates },
          columns: { ...columns, channel: { name: 'channel' }, rank: { name: 'rank' } },
        },
        entries: [{ name: null, ranks: [1, 2], channel }],
      },
    })) as Answers['candidate-rows'];
    return answer.entries[0] ?? assert.fail();
  };
  const any = await asked(null);
  assert.deepEqual([any.absent.hits, any.absent.rows, any.outside.hits], [3, 5, 1]);
  // Request 1 lacks item 13, and request 2 item 12. Request 3 has no candidates.
  assert.deepEqual(any.absentChannels, [
    { channel: 'hot', rows: 1 },
    { channel: 'i2i', rows: 1 },
    { channel: 'u2i', rows: 1 },
  ]);
  const hot = await asked('hot');
  assert.deepEqual([hot.absent.hits, hot.outside.hits, hot.channel], [4, 1, 'hot']);
});
