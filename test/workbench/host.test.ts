import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInExtensionHost } from './harness/extensionHost.ts';

// The tests of ./host run under mocha in the extension host; each is reported here as a separate test.
const results = await runInExtensionHost();

for (const { title, skipped, error } of results) {
  test(`host: ${title}`, { skip: skipped }, () => {
    // The failure as mocha reported it, not one of this file.
    if (error !== undefined) throw Object.assign(new Error(), { stack: error });
  });
}

test('the extension host ran tests', () => assert.ok(results.length > 0));
