import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { createEngine } from '../../src/engine/process/engine.ts';
import { tinyDemo } from '../fixtures/tinyDemo.ts';
import { recsample, type Outcome } from './commandLine.ts';

export const recall = 'configs/recall.ratio.yaml';

/** An id of a user or an item. Pages name those of the default demo, so `docsDemo.test.ts` runs their commands. */
export const demoId = /\b(?:72036|48201|51902)\d{14}\b/;

/** The folder of the tiny demo. It exists while the tests run. */
export let directory = '';

/** Writes the tiny demo before the tests and removes it after them. */
export function useDemoFolder(): void {
  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'recsample-sample-'));
    await tinyDemo(directory, { bad: false });
  });
  after(() => rmSync(directory, { recursive: true, force: true }));
}

/** Runs with the real engine, in the folder of the tiny demo. `engine`: replaces it. */
export function run(
  args: readonly string[],
  width = 140,
  engine: () => ReturnType<typeof createEngine> = () => createEngine({ threads: 1 }),
): Promise<Outcome> {
  return recsample(
    args,
    {},
    { directory, terminal: { width, colour: false }, createEngine: () => Promise.resolve(engine()) },
  );
}

/** Writes a changed copy of a demo config next to the good ones. */
export function changed(name: string, from: string | RegExp, to: string, config = recall): string {
  writeFileSync(join(directory, 'configs', name), readFileSync(join(directory, config), 'utf8').replace(from, to));
  return `configs/${name}`;
}
