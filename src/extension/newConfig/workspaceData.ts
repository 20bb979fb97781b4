import * as vscode from 'vscode';
import { likeness, type StarterDataset } from '../../core/config/starterData.ts';
import { describeFailure, failureOf } from '../../core/message/failure.ts';
import type { Dataset } from '../../core/table/dataset.ts';
import { everything } from '../../core/table/filter.ts';
import type { ColumnProfile } from '../../core/table/profile.ts';
import type { Role } from '../../core/table/role.ts';
import type { Host } from '../host/host.ts';
import { isInside } from '../samplePath.ts';

/** A data set of the workspace, with a score of how well it fits each entry of `data`. */
export interface WorkspaceData {
  readonly path: string;
  readonly dataset: Dataset;
  readonly likeness: Readonly<Record<StarterDataset, number>>;
}

export type ItemCount = ColumnProfile['distinct'];

/** The largest log whose items are counted for a question. */
const MAX_BYTES = 2 ** 30;
/** Maximum number of data sets to open for guessing. */
const MAX_DATASETS = 60;

/** The data sets of the workspace that can be opened; the log names the others. */
export async function workspaceData(host: Host): Promise<readonly WorkspaceData[]> {
  const samples = await host.samples.current();
  const opened = await Promise.all(
    samples.slice(0, MAX_DATASETS).map(async ({ path }) => {
      try {
        return await openData(host, path);
      } catch (error) {
        host.log.warn(`new config: ${path}: ${describeFailure(failureOf(error))}`);
        return null;
      }
    }),
  );
  const found = opened.filter((data) => data !== null);
  // A file that the user inspected may belong to a data set that is listed too.
  return found.filter(({ path }) => !found.some((other) => other.path !== path && isInside(path, other.path)));
}

export async function openData(host: Host, path: string): Promise<WorkspaceData> {
  const dataset = host.datasets.cachedFacts(path) ?? (await host.datasets.peek(path));
  return { path, dataset, likeness: likeness(vscode.workspace.asRelativePath(path), dataset.columns) };
}

/** The number of items in a log; null if it has no item column, or is too large to count while the user waits. */
export async function itemCount(host: Host, { path, dataset }: WorkspaceData): Promise<ItemCount | null> {
  const index = dataset.columns.findIndex(({ role }) => role?.role === 'item');
  if (index < 0 || dataset.bytes > MAX_BYTES) return null;
  const ref = host.datasets.ref(`new-config:${path}`, path);
  try {
    const query = { ref, view: everything, columns: [index], depth: 'base' as const };
    const [profile] = (await host.link.call('profile', query)).columns;
    return profile?.distinct ?? null;
  } finally {
    host.link.close(ref.id);
  }
}

/** The roles that the user or a config gives to the columns of a data set, by column name. */
export function givenRoles(host: Host, path: string): Readonly<Record<string, Role | null>> {
  const declared = Object.entries(host.declared.get(path) ?? {}).map(([name, { role }]) => [name, role] as const);
  return { ...Object.fromEntries(declared), ...host.roles.get(path) };
}
