import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completions } from '../../src/core/config/assist/completions.ts';
import { contextAt } from '../../src/core/config/assist/context.ts';
import { ConfigDocument } from '../../src/core/config/document.ts';
import { changed } from '../../src/core/policy/examples/example.ts';

/** Completions at ¦ in the condition of an event. */
function offered(condition: string): string[] {
  const text = changed('recall', ['click: is_click', `click: ${condition}`]);
  const context = contextAt(new ConfigDocument(text.replace('¦', ''), 'yaml'), text.indexOf('¦'));
  assert.ok(context);
  return completions(context, { columns: () => null, paths: () => [], rules: [] }).map(({ label }) => label);
}

test('a condition offers only the keys that fit those that it has', () => {
  const every = ['column', 'op', 'value', 'all', 'any', 'not', 'event'];
  assert.deepEqual(offered('{¦}'), [...every, 'unknown']);
  assert.deepEqual(offered('{all: [{¦}]}'), every);
  assert.deepEqual(offered('{column: is_click, ¦}'), ['op', 'value', 'unknown']);
  assert.deepEqual(offered('{all: [is_click], ¦}'), ['unknown']);
  assert.deepEqual(offered('{all: [{column: is_click, ¦}]}'), ['op', 'value']);
});
