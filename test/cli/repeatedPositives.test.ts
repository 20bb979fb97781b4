import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ownFolder } from './ownFolder.ts';

// A user may choose an item twice. Both times are positives with negatives of their own.
const { directory, run } = ownFolder('repeated-positives');

async function findings(file: string): Promise<string[]> {
  const { out, err } = await run('audit', file, '--format', 'json');
  assert.notEqual(out, '', err);
  const audited = JSON.parse(out) as {
    readonly findings: readonly { readonly rule: string; readonly message: string }[];
  };
  return audited.findings.flatMap(({ rule, message }) =>
    rule === 'data/log-q-values' ? [`${rule}: ${message.split('\n')[0] ?? ''}`] : [],
  );
}

test('without times, two positives of a user and an item are not one group of improbable draws', async () => {
  const head = 'user_id,item_id,label,entry,positive_item,log_q';
  const first = ['u1,i1,1,,i1,', 'u1,i2,0,shown,i1,0'];
  const later = ['u1,i1,1,,i1,', 'u1,i3,0,shown,i1,-1.386', 'u1,i4,0,shown,i1,-1.386'];
  const findingsOf = async (name: string, rows: readonly string[]): Promise<string[]> => {
    writeFileSync(join(directory, name), [head, ...rows].join('\n'));
    return await findings(name);
  };
  assert.deepEqual(await findingsOf('two.csv', [...first, ...later]), []);
  assert.deepEqual(await findingsOf('one.csv', [...first, ...later.slice(1)]), [
    'data/log-q-values: In 1 groups, the probabilities of the drawn items by log_q sum to more than 1',
  ]);
});
