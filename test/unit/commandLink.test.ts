import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandLink } from '../../src/server/language/commandLink.ts';

test('a link gives its command the same texts, whatever their characters are', () => {
  const args = ["file:///home/a%20b/C%23/100%25/(x)'!*~_].yaml", 'recall', '召回"\\\n?&='];
  const link = commandLink('Preview', 'recsample.preview', args);
  const [, query = ''] = /^\[Preview\]\(command:recsample\.preview\?([\w%.~-]+)\)$/.exec(link) ?? assert.fail(link);
  // VS Code decodes the query of an address, and then the arguments of a command.
  assert.deepEqual(JSON.parse(decodeURIComponent(decodeURIComponent(query))), args);
});
