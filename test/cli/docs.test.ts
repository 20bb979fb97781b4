import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { commands } from '../../src/cli/commands/registry.ts';
import { parseExpression } from '../../src/core/table/expression/expression.ts';
import { functionDefinition, functionNames } from '../../src/core/table/expression/functions.ts';
import type { LogicalType } from '../../src/core/table/type.ts';
import { recsample } from './commandLine.ts';
import { impressions } from './impressions.ts';

const expressions = readFileSync(new URL('../../docs/expressions.md', import.meta.url), 'utf8');
const cli = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');

const int64: LogicalType = { kind: 'integer', bits: 64, signed: true };
const string: LogicalType = { kind: 'string' };
const columns: { name: string; type: LogicalType }[] = [
  { name: 'click', type: int64 },
  { name: 'user_id', type: int64 },
  { name: 'position', type: int64 },
  { name: 'city', type: string },
  { name: 'ts', type: { kind: 'timestamp', unit: 'us', zoned: true } },
  { name: 'score', type: { kind: 'float', bits: 32 } },
  { name: 'tags', type: { kind: 'list', item: string } },
  { name: 'device', type: { kind: 'struct', fields: [{ name: 'os', type: string }] } },
  { name: 'user-item_affinity_0', type: int64 },
];

function blocks(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map((m) => m[1] ?? '');
}

test('every expression of the guide is accepted', () => {
  const examples = blocks(expressions, 'expression');
  assert.ok(examples.length >= 3);
  for (const text of [...examples, "user_id = '7203685477590228993'", "city != 'Paris' or city is null", 'score = 0.1'])
    assert.equal(parseExpression(text, columns).ok, true, text);
});

test('the guide lists every function as it is used, and no other', () => {
  const [, table = ''] = expressions.split('## Functions');
  const written = [...(table.split('```')[0]?.matchAll(/`([a-z_0-9]+\([^`]+\))`/g) ?? [])]
    .map((m) => m[1])
    .filter((usage) => usage !== 'ln(0)');
  assert.deepEqual(written.sort(), functionNames.map((name) => functionDefinition(name).usage).sort());
});

test('every command line of the guide and of the help runs', async () => {
  const [shell = ''] = blocks(cli, 'sh');
  const lines = [
    ...shell.trim().split('\n'),
    ...commands.filter((c) => c.name === 'inspect').flatMap((c) => c.examples),
  ];
  const city = { name: 'city', type: string, values: [] };
  const click = { name: 'click', type: int64, values: [] };
  const table = { ...impressions, columns: [...impressions.columns, city, click] };
  for (const line of lines) {
    const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map((m) => m[1] ?? m[2] ?? '').slice(1);
    const path = words[1]?.replace(/^\.\//, '') ?? '';
    const { code, err } = await recsample(words, { [`/data/${path}`]: table });
    assert.equal(code, 0, `${line}: ${err}`);
  }
});

test('the guide names every option of inspect', () => {
  const inspect = commands.find((c) => c.name === 'inspect');
  for (const [name, option] of Object.entries(inspect?.options ?? {}))
    assert.ok(
      cli.includes(
        `\`--${[name, ...(option.placeholder === undefined ? [] : [option.placeholder.replaceAll('|', '\\|')])].join(' ')}\``,
      ),
      name,
    );
});
