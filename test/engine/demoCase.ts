import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { FailureError, type FailureCode } from '../../src/core/message/failure.ts';
import { writeDemo } from '../../src/engine/demo/write.ts';
import type { DemoScale } from '../../src/protocol/demo.ts';
import type { CallContext } from '../../src/protocol/engine.ts';

/** A folder for one test file, removed after its tests. */
export const root = mkdtempSync(join(tmpdir(), 'recsample-demo-test-'));
after(async () => {
  await rm(root, { recursive: true, force: true });
});

/** The folder of a tiny demo that each test file writes before its tests. */
export const demo = join(root, 'shared', 'demo');

export const quiet: CallContext = { signal: new AbortController().signal, progress: () => undefined };

export async function write(
  directory: string,
  scale: DemoScale = 'tiny',
  seed = 'demo',
): Promise<{ files: number; bytes: number }> {
  return await writeDemo({ directory, scale, seed }, quiet);
}

/** Relative path → SHA-256, as the demo lists them itself. */
export async function hashes(directory: string): Promise<Record<string, string>> {
  const marker = JSON.parse(await readFile(join(directory, '.recsample-demo'), 'utf8')) as {
    files: { path: string; sha256: string }[];
  };
  return Object.fromEntries(marker.files.map((f) => [f.path, f.sha256]));
}

export async function failsWith(code: FailureCode, work: Promise<unknown>): Promise<void> {
  await assert.rejects(
    work,
    (error) => error instanceof FailureError && (assert.equal(error.failure.code, code, error.message), true),
  );
}
