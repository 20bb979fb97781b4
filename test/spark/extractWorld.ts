import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { render } from '../../src/core/message/message.ts';
import type { Preview } from '../../src/core/sampling/answers.ts';
import type { PlanOverrides } from '../../src/core/sampling/plan/planStage.ts';
import type { Stage } from '../../src/core/schema/stage.ts';
import { FactsCache } from '../../src/project/facts/factsCache.ts';
import { Extract } from '../../src/project/stage/extract.ts';
import { openConfig, type OpenConfig } from '../../src/project/stage/configSource.ts';
import { isDrawable, type DrawableStage } from '../../src/project/plan/resolveStage.ts';
import { extractScript } from '../../src/project/stage/sparkExtract.ts';
import { StageJob } from '../../src/project/stage/stageJob.ts';
import { engine } from '../engine/fixture.ts';
import { writeExtract } from './duckdbDialect.ts';

/** A stage of a config on disk. */
interface Opened {
  readonly config: OpenConfig;
  readonly job: StageJob;
  readonly stage: DrawableStage;
}

export async function openedStage(file: string, stage: Stage, overrides: PlanOverrides = {}): Promise<Opened> {
  const config = openConfig({
    path: file,
    name: file,
    text: readFileSync(file, 'utf8'),
    language: file.endsWith('.json') ? 'json' : 'yaml',
    root: dirname(dirname(file)),
  });
  return await resolved(config, stage, overrides);
}

async function resolved(config: OpenConfig, stage: Stage, overrides: PlanOverrides): Promise<Opened> {
  const job = new StageJob(config, stage, overrides, { engine, trusted: true, cache: new FactsCache() });
  const found = await job.resolve({ fresh: true });
  if (!isDrawable(found) || found.problems.length > 0)
    throw new Error(`${stage}: ${found.problems.map(({ message }) => render(message)).join('; ')}`);
  return { config, job, stage: found };
}

/** What a preview shows of the users, of all data or of an extract. Without what an extract does not have. */
export async function previewedUsers({ job, stage }: Opened, users: readonly string[]): Promise<Preview['users']> {
  const { answer } = await job.ask(stage, 'preview', { users, groupLimit: null, ...job.copies() }, {});
  return answer.users.map((user) => ({
    ...user,
    groups: user.groups.map(({ inBatch: _inBatch, ...group }) => group),
  }));
}

/** Runs the job of an extract on DuckDB. */
export async function extractOf({ job, stage }: Opened, users: readonly string[], folder: string): Promise<void> {
  const script = extractScript(job, stage, await job.sparkJob(stage, {}), { users, version: '1.2.3', roots: [] });
  await writeExtract(script, stage.request.plan.timezone, folder);
}

/** Opens an extract in place of the files of a config. */
export async function openedExtract(
  { config }: Opened,
  stage: Stage,
  overrides: PlanOverrides,
  folder: string,
): Promise<Opened> {
  const extract = await Extract.open({ folder, named: folder }, engine);
  const placed = await resolved(extract.configOf(config, stage, overrides.split), stage, overrides);
  return { ...placed, stage: extract.complete(placed.stage, config) };
}
