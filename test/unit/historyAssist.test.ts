import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Completion } from '../../src/core/config/assist/completion.ts';
import { completions } from '../../src/core/config/assist/completions.ts';
import { contextAt } from '../../src/core/config/assist/context.ts';
import { ConfigDocument } from '../../src/core/config/document.ts';
import { changed } from '../../src/core/policy/examples/example.ts';

const columns = [
  { name: 'user_id', typeName: 'int64', role: 'user' },
  { name: 'hist', typeName: 'string', role: null },
];

/** Completions at ¦ in a history of the recall example. */
function offered(history: string): readonly Completion[] {
  const text = changed('recall', ['exclude: {events: [click]', `exclude: {history: {${history}}, events: [click]`]);
  const context = contextAt(new ConfigDocument(text.replace('¦', ''), 'yaml'), text.indexOf('¦'));
  assert.ok(context);
  return completions(context, {
    columns: (dataset) => (dataset === 'impressions' ? columns : null),
    paths: () => [],
    rules: [],
  });
}

test('a history offers the columns of the impressions, and separators in quotes', () => {
  assert.deepEqual(
    offered('column: ¦').map(({ label }) => label),
    ['user_id', 'hist'],
  );
  assert.ok(offered('column: hist, separator: ¦').some(({ snippet }) => snippet === '" "'));
  assert.deepEqual(
    offered('column: hist, ¦').map(({ label }) => label),
    ['separator'],
  );
});
