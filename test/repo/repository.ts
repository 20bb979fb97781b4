import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../..');

/** A file of the repository as text. */
export function read(file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}

/** A JSON file of the repository; the caller casts it to its type. */
export function readJson(file: string): unknown {
  return JSON.parse(read(file));
}

/** All files that are or will be under version control, by path from the root with `/`. */
export function trackedFiles(): readonly string[] {
  return execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
    .split('\0')
    .filter((file) => file !== '' && existsSync(path.join(root, file)));
}

/** Runs a program of node_modules and returns its output, whatever its exit code. */
export function runTool(script: string, args: readonly string[]): { readonly code: number; readonly output: string } {
  try {
    return {
      code: 0,
      output: execFileSync(process.execPath, [path.join(root, 'node_modules', script), ...args], {
        cwd: root,
        encoding: 'utf8',
        env: { ...process.env, NO_COLOR: '1' },
        maxBuffer: 1 << 28,
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    };
  } catch (error) {
    const { status, stdout, stderr } = error as { status: number | null; stdout: string; stderr: string };
    return { code: status ?? 1, output: stdout === '' ? stderr : stdout };
  }
}

/** Fails with all findings, one per line, unless there are none. */
export function assertNone(findings: readonly string[], what: string): void {
  assert.ok(findings.length === 0, `${what}:\n${findings.join('\n')}`);
}
