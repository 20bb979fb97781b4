/**
 * The groups of a sample, asked of an engine in its own process as the view asks. Usage: groups.ts SAMPLE GROUPING.
 * Prints a `GroupTaken` as JSON. Needs the built engine.
 */
import path from 'node:path';
import { groupKeys, type Grouping } from '../../src/core/table/grouping.ts';
import { everything, type View } from '../../src/core/table/filter.ts';
import type { DatasetRef } from '../../src/protocol/datasetRef.ts';
import type { GroupPage, Page } from '../../src/protocol/engine.ts';
import { EngineSupervisor } from '../../src/server/engine/supervisor.ts';
import { cpuOf, peakOf } from '../measure.ts';
import type { GroupStep, GroupTaken } from '../groups/groupTaken.ts';

const [sample = '', grouping = 'positive'] = process.argv.slice(2) as [string?, Grouping?];
/** Heads of one request of the view, and rows of one page. */
const HEADS = 200;
const PAGE = 200;
const engine = new EngineSupervisor({
  launch: { module: path.resolve(import.meta.dirname, '../../dist/engine.mjs'), execArgv: [] },
  log: () => undefined,
  changed: () => undefined,
  now: () => performance.now(),
});
const ref: DatasetRef = { id: 'bench', path: sample };
const steps: GroupStep[] = [];
const cpu = (): number => cpuOf(engine.pid ?? undefined) ?? NaN;

async function timed<T>(step: string, work: () => Promise<T>): Promise<T> {
  const [started, before] = [performance.now(), cpu()];
  const answer = await work();
  steps.push({ step, seconds: (performance.now() - started) / 1000, cpu: cpu() - before });
  return answer;
}

const dataset = await engine.call('open', { ref });
const { keys } = groupKeys(grouping, dataset.columns);
if (keys === null) throw new Error(`${sample} cannot be grouped by ${grouping}.`);
const columns = dataset.columns.map((_, k) => k);
const view: View = { ...everything, group: keys };
const heads = (of: View, first: number): Promise<GroupPage> =>
  engine.call('groups', { ref, view: of, first, count: HEADS, columns });

const { groups } = await timed('first groups', () => heads(view, 0));
const middle = await timed('groups in the middle', () => heads(view, Math.floor(groups / 2)));
await timed('last groups', () => heads(view, Math.max(0, groups - HEADS)));
const opened = middle.heads[0];
if (opened === undefined) throw new Error(`${sample} has no groups.`);
/** The page of the grid with the first row of a group, and of its closed neighbours. */
const pageAt = (start: number, of: View): Promise<Page> =>
  engine.call('page', { ref, view: of, first: start - (start % PAGE), count: PAGE, columns });
await timed('rows of a group in the middle', () => pageAt(opened.start, view));
await timed('its rows again', () => pageAt(opened.start, view));
const sorted: View = { ...view, sort: [{ column: 'log_q', descending: true }] };
const best = (await timed('first groups, sorted by log_q', () => heads(sorted, 0))).heads[0];
await timed('rows of its first group', () => pageAt(best?.start ?? 0, sorted));
const result: GroupTaken = { groups, steps, peakMb: peakOf(engine.pid ?? undefined) ?? NaN };
process.stdout.write(`${JSON.stringify(result)}\n`);
engine.dispose();
