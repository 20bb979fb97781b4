import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { render } from '../../src/core/message/message.ts';
import type { AuditView } from '../../src/protocol/auditView.ts';
import { wireName } from '../../src/protocol/server.ts';
import { LanguageClient } from './languageClient.ts';

let scratch = '';
let client: LanguageClient;

before(async () => {
  scratch = realpathSync(mkdtempSync(path.join(tmpdir(), 'recsample-audits-')));
  client = await LanguageClient.start({ folder: scratch, initializationOptions: {} });
});
after(async () => {
  assert.equal(await client.stop(), 0);
  rmSync(scratch, { recursive: true, maxRetries: 5 });
});

test('an audit takes roles set in the inspector before those that configs declare; the unit of times is inferred', async () => {
  const file = path.join(scratch, 'foreign.csv');
  writeFileSync(file, ['who,thing,other,is,at', 'u1,i1,x,1,1780000000123', 'u1,i2,y,0,1780000000123', ''].join('\n'));
  const audit = (more: object): Promise<AuditView> =>
    client.request<AuditView>(wireName('audit'), {
      path: file,
      of: null,
      set: {},
      isFresh: false,
      token: 'audit',
      ...more,
    });
  const refused = await audit({}).catch((error: unknown) => error);
  assert.match(JSON.stringify(refused), /No column holds the items/);
  const { sample, notices } = await audit({
    stored: { thing: 'item', gone: 'user' },
    declared: { other: 'item', who: 'user', is: 'label', at: 'time', missing: 'request' },
  });
  assert.deepEqual(
    Object.entries(sample.columns).map(([role, { name, unit }]) => [role, name, unit]),
    [
      ['user', 'who', undefined],
      ['item', 'thing', undefined],
      ['label', 'is', undefined],
      ['time', 'at', 'ms'],
    ],
  );
  assert.deepEqual(
    notices.map((notice) => render(notice)),
    ['The integers in at are read as ms since 1970, by their size'],
  );
});
