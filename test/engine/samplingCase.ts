import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stage } from '../../src/core/schema/stage.ts';
import { render } from '../../src/core/message/message.ts';
import type { Preview } from '../../src/core/sampling/answers.ts';
import type { PreviewGroup } from '../../src/core/sampling/drawn.ts';
import type { PlanOverrides } from '../../src/core/sampling/plan/planStage.ts';
import { type SampleOutput, type SamplingData, type SamplingRequest } from '../../src/protocol/sampling.ts';
import { FactsCache } from '../../src/project/facts/factsCache.ts';
import { openConfig } from '../../src/project/stage/configSource.ts';
import { StageJob } from '../../src/project/stage/stageJob.ts';
import { engine, folder, parquet } from './fixture.ts';
import { ownNames } from '../../src/core/data/outputName.ts';

/** A small world: a folder of Parquet files, one per query, which configs name as `data/NAME.parquet`. */
export async function writeWorld(name: string, tables: Readonly<Record<string, string>>): Promise<string> {
  const root = join(folder, name);
  mkdirSync(join(root, 'data'), { recursive: true });
  for (const [table, select] of Object.entries(tables)) await parquet(join(name, 'data', `${table}.parquet`), select);
  return root;
}

/** A config for such a world with a log and a corpus: stage recall with these `negatives`. Each line may be changed. */
export const recallConfig = (negatives: string): string => `version: 1
seed: demo
data:
  impressions: {path: data/log.parquet, columns: {user: user_id, item: item_id, time: ts, request: request_id}}
  items: {path: data/items.parquet, columns: {item: item_id}}
events: {click: is_click}
stages:
  recall:
    unit: positive
    positives: {events: {click: 1}}
    negatives: ${negatives}
`;

/** Settings of a sample file without optional parts. */
export const plainOutput: Omit<SampleOutput, 'path' | 'format'> = {
  layout: 'long',
  names: ownNames,
  passThrough: [],
  within: null,
  facts: {},
};

/** The request for a stage of a config of that world. Fails if any part of the stage has an error. */
export async function requestOf(
  root: string,
  stage: Stage,
  text: string,
  overrides: PlanOverrides = {},
): Promise<SamplingRequest> {
  const path = join(root, 'case.ratio.yaml');
  writeFileSync(path, text);
  const config = openConfig({ path, name: path, text, language: 'yaml', root });
  const job = new StageJob(config, stage, overrides, { engine, trusted: true, cache: new FactsCache() });
  const { request, problems } = await job.resolve({ fresh: true });
  assert.deepEqual(
    problems.map(({ message }) => render(message)),
    [],
  );
  assert.ok(request);
  return request;
}

/** The request without file fingerprints: it draws from the current files. */
export function unpinned({ plan, data }: SamplingRequest): SamplingRequest {
  const without = JSON.parse(
    JSON.stringify(data, (key, value: unknown) => (key === 'fingerprint' ? undefined : value)),
  ) as SamplingData;
  return { plan, data: without };
}

export async function previewed(request: SamplingRequest, ...users: readonly string[]): Promise<Preview> {
  return await engine.call('preview', { ...request, users, groupLimit: null });
}

/** The negatives of a group by entry, in draw order. */
export function negatives({ rows }: PreviewGroup): Record<string, string[]> {
  const all: Record<string, string[]> = {};
  for (const { entry, item } of rows) if (entry !== null) (all[entry] ??= []).push(item);
  return all;
}

/** Like `negatives`, with sorted items per entry: independent of the seed. */
export function taken(group: PreviewGroup | undefined): Record<string, string[]> {
  assert.ok(group);
  return Object.fromEntries(Object.entries(negatives(group)).map(([entry, items]) => [entry, items.sort()]));
}

export function groupsOf({ users }: Preview, user: string): readonly PreviewGroup[] {
  return users.find((one) => one.user === user)?.groups ?? [];
}

export function said({ notices }: Pick<Preview, 'notices'>): string[] {
  return notices.map((notice) => render(notice));
}
