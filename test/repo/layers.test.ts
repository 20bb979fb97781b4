import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { before, test } from 'node:test';
import { budget } from './budget.ts';
import { assertNone, runTool } from './repository.ts';

interface Cruise {
  readonly modules: readonly {
    readonly source: string;
    readonly dependencies: readonly { readonly resolved: string }[];
  }[];
  readonly summary: {
    readonly totalCruised: number;
    readonly violations: readonly {
      readonly from: string;
      readonly to: string;
      readonly rule: { readonly name: string };
    }[];
  };
}

let cruise: Cruise;

before(() => {
  const folder = mkdtempSync(path.join(tmpdir(), 'recsample-layers-'));
  try {
    const out = path.join(folder, 'layers.json');
    const { output } = runTool('dependency-cruiser/bin/dependency-cruise.mjs', [
      '--config',
      '.dependency-cruiser.mjs',
      '--output-type',
      'json',
      '--output-to',
      out,
      'src',
      'webview',
      'examples',
    ]);
    assert.doesNotMatch(output, /error/i);
    cruise = JSON.parse(readFileSync(out, 'utf8')) as Cruise;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('imports point down the layers, packages have one home, nothing goes in circles', () => {
  const { summary } = cruise;
  assert.ok(summary.totalCruised > 100, `only ${summary.totalCruised} modules were read`);
  assertNone(
    summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`),
    'imports against the rules',
  );
});

/** The folder of a layer that a file is in; the layer itself for files at its root. Null outside of the layers. */
const folderOf = (file: string): string | null => /^(?:src\/[^/]+|webview)(?:\/[^/]+(?=\/))?/.exec(file)?.[0] ?? null;

test('folders of a layer import each other only where test/repo/budget.json still lists them', () => {
  const imports = new Set(
    cruise.modules.flatMap(({ source, dependencies }) =>
      dependencies.map(({ resolved }) => `${folderOf(source)} ${folderOf(resolved)}`),
    ),
  );
  const mutual = [...imports].filter((pair) => {
    const [from = '', to = ''] = pair.split(' ');
    return from < to && from !== 'null' && imports.has(`${to} ${from}`);
  });
  assert.deepEqual(mutual.sort(), budget.mutualFolders, 'a new pair is a fault; a pair that is gone leaves the list');
});
