import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stage } from '../../src/core/schema/stage.ts';
import { render } from '../../src/core/message/message.ts';
import type { HandoverRequest, HandoverSummary, Trainer } from '../../src/protocol/handover.ts';
import type { SamplingRequest } from '../../src/protocol/sampling.ts';
import { engine, folder } from './fixture.ts';
import { demo, demoConfig } from './lintDemo.ts';
import { previewed, requestOf } from './samplingCase.ts';
import { ownNames, type OutputRole } from '../../src/core/data/outputName.ts';

const names: Record<OutputRole, string> = { ...ownNames, user: 'user_id', item: 'item_id' };
let folders = 0;

interface Written extends HandoverSummary {
  readonly path: string;
  readonly told: readonly string[];
}

export function handoverOf(trainer: Trainer, path: string, ...parts: HandoverRequest['parts']): HandoverRequest {
  return {
    trainer,
    parts,
    users: null,
    output: { path, named: 'handed', names, facts: { stage: parts[0].plan.stage } },
  };
}
export async function handed(trainer: Trainer, ...parts: HandoverRequest['parts']): Promise<Written> {
  const path = join(folder, 'handed', `set${++folders}`);
  const summary = await engine.call('handover', handoverOf(trainer, path, ...parts));
  return { ...summary, path, told: summary.notices.map((notice) => render(notice)) };
}

/** The rows of a table by the column names of its header, which also has the types. */
export function table(path: string): Record<string, string>[] {
  const [head = '', ...lines] = readFileSync(path, 'utf8').replace(/\n$/, '').split('\n');
  const columns = head.split('\t');
  return lines.map((line) => {
    const cells = line.split('\t');
    assert.equal(cells.length, columns.length, line);
    return Object.fromEntries(columns.map((column, k) => [column, cells[k] ?? '']));
  });
}

export const demoRequest = (stage: Stage, overrides?: Parameters<typeof requestOf>[3]): Promise<SamplingRequest> =>
  requestOf(demo, stage, demoConfig(stage), overrides);

/** User, item and label of every row in the preview of a request. */
export async function previewRows(
  request: SamplingRequest,
  users: readonly string[],
): Promise<
  {
    readonly user: string;
    readonly item: string;
    readonly label: number;
    readonly entry: string | null;
    readonly weight: number;
    readonly time: string;
  }[]
> {
  const preview = await previewed(request, ...users);
  return preview.users.flatMap(({ user, groups }) =>
    groups.flatMap(({ time, rows }) =>
      rows.map(({ item, label, entry, weight }) => ({ user, item, label, entry, weight, time })),
    ),
  );
}
