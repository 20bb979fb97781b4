import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { createEngine } from '../../src/engine/process/engine.ts';
import { recsample, type Outcome } from './commandLine.ts';

interface OwnFolder {
  readonly directory: string;
  readonly run: (...args: readonly string[]) => Promise<Outcome>;
}

/** An empty folder for the tests of a file, removed after them, and the command line with the real engine in it. */
export function ownFolder(name: string): OwnFolder {
  const directory = mkdtempSync(join(tmpdir(), `recsample-${name}-`));
  after(() => rmSync(directory, { recursive: true, force: true }));
  return {
    directory,
    run: (...args) =>
      recsample(
        args,
        {},
        {
          directory,
          terminal: { width: 140, colour: false },
          createEngine: () => Promise.resolve(createEngine({ threads: 1 })),
        },
      ),
  };
}
