import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { sparkPythonText } from '../../src/core/spark/pythonText.ts';
import { jobRunner } from '../../src/core/spark/runner/jobText.ts';
import type { Script } from '../../src/core/spark/script.ts';
import type { SparkPlaces } from '../../src/core/spark/stepStatements.ts';
import { pyspark } from './fakePyspark.ts';

export const python = process.env['RECSAMPLE_PYTHON'] ?? '';
export const skip = python === '' ? 'no Python' : false;

interface Ended {
  readonly stdout: string;
  readonly events: readonly string[];
  /** Each with its value. */
  readonly settings: readonly string[];
  /** Of the statements, as they begin. */
  readonly lines: readonly string[];
  readonly error: string;
}

interface FakeSpark {
  readonly directory: string;
  /** Writes the job of a script, for a store of objects. */
  readonly write: (
    file: string,
    script: Script,
    head?: Parameters<typeof sparkPythonText>[1],
    places?: SparkPlaces,
  ) => void;
  readonly run: (env: Readonly<Record<string, string>>, file: string) => Ended;
}

/** A folder for jobs in Python, which run without Spark: `pyspark` of fakePyspark.ts takes its place. */
export function fakeSpark(): FakeSpark {
  const directory = mkdtempSync(join(tmpdir(), 'recsample-python-job-'));
  mkdirSync(join(directory, 'pyspark'));
  writeFileSync(join(directory, 'pyspark', '__init__.py'), '');
  writeFileSync(join(directory, 'pyspark', 'sql.py'), pyspark);
  after(() => rmSync(directory, { recursive: true, force: true }));
  const places = { output: 's3a://samples/out', work: 's3a://samples/work' };
  return {
    directory,
    write: (file, script, head = [], own = places) =>
      writeFileSync(join(directory, file), sparkPythonText(script, head, 'UTC', own)),
    run: (env, file) => {
      const { stdout, stderr } = spawnSync(python, [file], {
        cwd: directory,
        env: { ...process.env, PYTHONPATH: directory, ...env },
        encoding: 'utf8',
      });
      return {
        stdout,
        events: stdout.split('\n').filter((line) => /^(computed|kept|view|cancelled|stopped)/.test(line)),
        settings: stdout.split('\n').flatMap((line) => /^set (.*)/.exec(line)?.[1] ?? []),
        lines: stdout.split('\n').filter((line) => /^\d+\/\d+ /.test(line)),
        error: stderr.trimEnd().split('\n').at(-1) ?? '',
      };
    },
  };
}

/** A function of the program of a job, as text. */
export function pythonFunction(name: string): string {
  const [text] = new RegExp(`^def ${name}\\b[^]*?(?=\\n\\n\\n)`, 'm').exec(jobRunner) ?? [];
  assert.ok(text !== undefined, name);
  return text;
}
