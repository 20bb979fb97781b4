import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before } from 'node:test';
import type { Position, TextEdit } from 'vscode-languageserver/node';
import { changed } from '../../src/core/policy/examples/example.ts';
import { wire } from '../../src/protocol/wire.ts';
import { whileStopped } from '../fixtures/processes.ts';
import { dist, LanguageClient, uriOf, type ClientOptions } from './languageClient.ts';

const commands = ['recsample.validate', 'recsample.inspect', 'recsample.chooseFiles', 'recsample.openRulePage'];
let scratch = '';

/** A path in the demo workspace of this test file. */
export const demo = (...segments: string[]): string => path.join(scratch, 'demo', ...segments);

/**
 * Writes a demo workspace before the tests and starts an editor on it. Both are removed after the tests, and the server
 * must have exited normally.
 */
export function startLanguage(): { readonly client: () => LanguageClient } {
  let started: LanguageClient | null = null;
  before(async () => {
    scratch = realpathSync(mkdtempSync(path.join(tmpdir(), 'recsample-language-')));
    execFileSync(process.execPath, [
      path.join(dist, 'cli.cjs'),
      'demo',
      demo(),
      '--scale',
      'tiny',
      '--seed',
      'language',
    ]);
    started = await startClient();
  });
  after(async () => {
    assert.equal(await started?.stop(), 0);
    rmSync(scratch, { recursive: true, maxRetries: 5 });
  });
  return {
    client: () => {
      if (!started) throw new Error('the editor starts before the first test');
      return started;
    },
  };
}

/** Starts another editor on the demo workspace. */
export function startClient(options: ClientOptions = {}): Promise<LanguageClient> {
  return LanguageClient.start({
    folder: demo(),
    ...options,
    initializationOptions: {
      commands,
      rulePage: 'recsample-rule:/{rule}.md',
      ...(options.initializationOptions as object | undefined),
    },
  });
}

/** Does something while the engine answers nothing, so that nothing is counted meanwhile. */
export async function whileEngineIsStopped(editor: LanguageClient, work: () => Promise<void>): Promise<void> {
  // The first request starts the engine.
  await editor.request('recsample/validate', { path: demo('configs', 'recall.ratio.yaml'), level: 'schema' });
  const pid = await editor.request<number | null>(wire.enginePid, undefined);
  if (pid === null) throw new Error('no engine runs');
  await whileStopped(pid, work);
}

let names = 0;
/** The URI of a demo config that no other test uses. */
export const fresh = (extension = 'yaml'): string => uriOf(demo('configs', `test${++names}.ratio.${extension}`));

/** One finding: the shares sum to 1.1. */
export const tooMuch = changed('recall', ['global_random: 0.2', 'global_random: 0.3']);

/** The text after edits that do not overlap. */
export function edited(text: string, edits: readonly TextEdit[]): string {
  const lines = text.split('\n');
  const offset = ({ line, character }: Position): number =>
    lines.slice(0, line).reduce((sum, one) => sum + one.length + 1, 0) + character;
  return [...edits]
    .sort((a, b) => offset(b.range.start) - offset(a.range.start))
    .reduce(
      (made, { range, newText }) => made.slice(0, offset(range.start)) + newText + made.slice(offset(range.end)),
      text,
    );
}

/** The first place where a word starts or ends. */
export function at(text: string, word: string, end: 'start' | 'end' = 'start'): Position {
  if (!text.includes(word)) throw new Error(`${word} is not in the text`);
  const before = text.slice(0, text.indexOf(word) + (end === 'end' ? word.length : 0));
  return { line: before.split('\n').length - 1, character: before.length - before.lastIndexOf('\n') - 1 };
}
