import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { render } from '../../src/core/message/message.ts';
import { engine, failureCode, failureOf, folder } from './fixture.ts';
import { demoRequest, handoverOf } from './handoverCase.ts';
import { demo, demoConfig as config, writeDemoBefore } from './lintDemo.ts';
import { requestOf } from './samplingCase.ts';

writeDemoBefore();

describe('a whole folder or nothing', () => {
  const at = (name: string): string => join(folder, 'handed', name);

  test('an earlier handover is replaced; a folder with anything else in it is not', async () => {
    const request = await demoRequest('recall');
    const path = at('again');
    await engine.call('handover', handoverOf('recbole', path, request));
    await engine.call('handover', handoverOf('easyrec', path, request));
    assert.deepEqual(readdirSync(path).sort(), [
      'handover.json',
      'hard_neg_edge.tsv',
      'item.tsv',
      'pos_edge.tsv',
      'sampler.config',
      'sampler_v2.config',
      'user.tsv',
    ]);
    writeFileSync(join(path, 'mine.txt'), 'mine');
    const failure = await failureOf(engine.call('handover', handoverOf('recbole', path, request)));
    assert.equal(render(failure.message), 'The folder contains mine.txt, which was not written by a handover');
    assert.ok(existsSync(join(path, 'item.tsv')));
    writeFileSync(at('file'), '');
    assert.equal(await failureCode(engine.call('handover', handoverOf('recbole', at('file'), request))), 'bad-request');
    // An empty folder is treated like a missing one.
    mkdirSync(at('empty'));
    await engine.call('handover', handoverOf('recbole', at('empty'), request));
    assert.ok(existsSync(join(at('empty'), 'empty.inter')));
  });

  test('a folder inside a data set that would read its files is refused', async () => {
    const text = config('recall').replace('data/impressions/dt=*/*.parquet', 'data/impressions');
    const request = await requestOf(demo, 'recall', text);
    const days = readdirSync(join(demo, 'data/impressions'));
    const path = join(demo, 'data/impressions/tables');
    const failure = await failureOf(engine.call('handover', handoverOf('easyrec', path, request)));
    assert.match(render(failure.message), /^The config reads this folder/);
    assert.match(failure.advice ? render(failure.advice) : '', /Write outside of the data set .*impressions\.$/);
    assert.deepEqual(readdirSync(join(demo, 'data/impressions')), days);
  });

  test('a cancelled or refused export keeps the earlier folder and leaves no other files', async () => {
    const request = await demoRequest('recall');
    const path = at('deep/er/kept');
    const abort = new AbortController();
    const progress = ({ message }: { readonly message: { readonly text: string } }): void => {
      if (message.text === 'Writing {0}') abort.abort();
    };
    assert.equal(
      await failureCode(
        engine.call('handover', handoverOf('easyrec', path, request), { signal: abort.signal, progress }),
      ),
      'cancelled',
    );
    assert.equal(existsSync(at('deep')), false);
    await engine.call('handover', handoverOf('easyrec', path, request));
    const before = readFileSync(join(path, 'item.tsv'));
    const refused = await requestOf(
      demo,
      'recall',
      config('recall').replace('on_shortfall: refill\n      refill_from: global_random', 'on_shortfall: fail'),
    );
    assert.equal(await failureCode(engine.call('handover', handoverOf('recbole', path, refused))), 'bad-request');
    assert.deepEqual([readFileSync(join(path, 'item.tsv')), readdirSync(at('deep/er'))], [before, ['kept']]);
  });
});
