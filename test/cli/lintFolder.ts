import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before } from 'node:test';
import type { Range } from '../../src/core/config/span.ts';
import type { Host } from '../../src/cli/run.ts';
import { recsample, type Outcome } from './commandLine.ts';

/** The folder of the test file's configs. It exists while the tests run. */
export let directory = '';

/** Creates the folder before the tests and removes it after them. */
export function useLintFolder(): void {
  before(() => {
    directory = realpathSync(mkdtempSync(path.join(tmpdir(), 'recsample-lint-')));
  });
  after(() => rmSync(directory, { recursive: true, force: true }));
}

export function write(file: string, text: string): string {
  const full = path.join(directory, file);
  mkdirSync(path.dirname(full), { recursive: true });
  writeFileSync(full, text);
  return full;
}

/** Lints the configs of the test's folder; no test here needs an engine. */
export async function lint(args: readonly string[], host: Partial<Host> = {}): Promise<Outcome> {
  const outcome = await recsample(['lint', ...args], {}, { directory, ...host });
  assert.deepEqual(outcome.engine.calls, []);
  return outcome;
}

export const none = ['--facts', 'none'];
/** The report of rules that need data, for the good recall config. */
export const leftOut = '39 rules did not run because they need the data: use --facts schema\n';

export interface Report {
  readonly findings: readonly {
    readonly rule: string;
    readonly severity: string;
    readonly message: string;
    readonly path: string;
    readonly stage: string | null;
    readonly range: Range;
    readonly help: string;
  }[];
  readonly counts: Readonly<Record<string, number>>;
  readonly rules: readonly { readonly rule: string; readonly status: string; readonly because: string | null }[];
}

export async function report(args: readonly string[]): Promise<Report & { readonly code: number }> {
  const { code, out, err } = await lint([...args, ...none, '--format', 'json']);
  assert.equal(err, '');
  return { ...(JSON.parse(out) as Report), code };
}
