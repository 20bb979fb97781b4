import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { assertNone, runTool } from './repository.ts';

interface Cruise {
  readonly summary: {
    readonly totalCruised: number;
    readonly violations: readonly {
      readonly from: string;
      readonly to: string;
      readonly rule: { readonly name: string };
    }[];
  };
}

test('imports point down the layers, packages have one home, nothing goes in circles', () => {
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
    const { summary } = JSON.parse(readFileSync(out, 'utf8')) as Cruise;
    assert.ok(summary.totalCruised > 100, `only ${summary.totalCruised} modules were read`);
    assertNone(
      summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`),
      'imports against the rules',
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
