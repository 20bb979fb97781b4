import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { test } from 'node:test';
import { readConfig } from '../../src/core/config/read.ts';
import { painter, terminalText } from '../../src/core/report/paint.ts';
import type { Command } from '../../src/cli/command.ts';
import { recsample } from './commandLine.ts';
import { directory, run, useDemoFolder } from './demoFolder.ts';

useDemoFolder();

const title = '\u001B]0;owned\u0007';
const hostile = `${title}\u001B[2J\r\u009B31m\u202E`;
const shown = '␛]0;owned␇␛[2J␍\\u009b31m\\u202e';

test('one writer cleans what every command prints, warns and notes; formats of programs are exact', async () => {
  const command: Command = {
    name: 'hostile',
    summary: { text: '' },
    arguments: [],
    options: {},
    examples: [],
    async run(_input, context) {
      context.note(hostile);
      context.warn(hostile);
      await context.print(`${hostile}\n\t${painter(true)('error', 'red')}`);
      await context.print(hostile, 'json');
      return undefined;
    },
  };
  const notes: string[] = [];
  const note = (text: string): number => notes.push(text);
  const { out, err } = await recsample(['hostile'], {}, { commands: [command], note });
  assert.deepEqual(notes, [shown]);
  assert.equal(err, `recsample: ${shown}\n`);
  assert.equal(out, `${shown}\n\t␛[31mred␛[39m${hostile}`);
  assert.equal(terminalText(`\u001B[31mred\u001B[39m\u001B[8m`, true), '\u001B[31mred\u001B[39m␛[8m');
});

test('lint of a file whose name sets the title of the terminal notes its name as symbols', async () => {
  const folder = join(directory, 'names');
  mkdirSync(folder);
  writeFileSync(join(folder, `${title}.ratio.yaml`), 'version: 1\n');
  const texts: string[] = [];
  const note = (text: string): number => texts.push(text);
  const { out, err } = await recsample(['lint', 'names'], {}, { directory, note });
  const all = [...texts, out, err].join('');
  assert.ok(all.includes('␛]0;owned␇') && !all.includes('\u001B'), JSON.stringify(all));
});

test('a line break in the path of a sample stays in the comment of the inferred config', async () => {
  const name = 'x\nseed: injected\u2028\u0085.parquet';
  assert.equal((await run(['sample', 'configs/recall.ratio.yaml', '--out', 'out/recall.parquet'])).code, 0);
  copyFileSync(join(directory, 'out/recall.parquet'), join(directory, name));
  const { code, out, err } = await run(['infer', name, '--data', 'impressions=data/impressions']);
  assert.equal(code, 0, err);
  assert.match(out.split('\n')[0] ?? '', /^# .*x␊seed: injected\\u2028\\u0085\.parquet/);
  const { config } = readConfig(out, { language: 'yaml' });
  assert.notEqual(config.seed, 'injected');
  assert.equal(config.data?.samples?.recall?.path?.endsWith(name), true);
});

test('a folder that cannot be made is an error with its place and the way out', async () => {
  writeFileSync(join(directory, 'taken'), '');
  const { code, err } = await run(['infer', 'out/recall.parquet', '--out', 'taken/deep/x.ratio.yaml']);
  assert.equal(code, 2);
  assert.match(err, /^recsample: .*taken\/deep: Expected a folder, found a file\. Choose another folder\.\n$/);
});

test('SIGHUP removes the unfinished folder, as SIGINT and SIGTERM do', { skip: process.platform === 'win32' }, () => {
  const hook = `import fs from 'node:fs/promises'; import { syncBuiltinESMExports } from 'node:module';
    const { mkdir } = fs;
    fs.mkdir = async (path, ...rest) => {
      const made = await mkdir(path, ...rest);
      if (/recsample-unfinished[^/]*$/.test(String(path))) process.kill(process.pid, process.env.SIGNAL);
      return made;
    };
    syncBuiltinESMExports();`;
  const main = new URL('../../src/cli/process/main.ts', import.meta.url);
  for (const SIGNAL of ['SIGHUP', 'SIGTERM']) {
    const { status, signal, stderr } = spawnSync(
      process.execPath,
      ['--import', import.meta.resolve('tsx'), '--import', `data:text/javascript,${encodeURIComponent(hook)}`]
        .concat([pathToFileURL(main.pathname).pathname, 'sample', 'configs/recall.ratio.yaml'])
        .concat(['--out', `hung/${SIGNAL}/recall.parquet`]),
      { cwd: directory, env: { ...process.env, SIGNAL }, encoding: 'utf8' },
    );
    assert.deepEqual([status, signal], [130, null], stderr);
    assert.equal(readdirSync(directory).includes('hung'), false);
  }
});
