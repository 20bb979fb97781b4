import * as vscode from 'vscode';
import { likeness, rangedColumns, type StarterDataset, type StarterFile } from '../../core/config/starterData.ts';
import { describeFailure, failureOf } from '../../core/message/failure.ts';
import type { Dataset } from '../../core/table/dataset.ts';
import { everything } from '../../core/table/filter.ts';
import { traitsOf } from '../../core/table/sampleName.ts';
import type { Host } from '../host.ts';

/** A data set of the workspace, with a score of how well it fits each entry of `data`. */
export interface WorkspaceData {
  readonly path: string;
  readonly dataset: Dataset;
  readonly likeness: Readonly<Record<StarterDataset, number>>;
}

/** Maximum number of data sets to open for guessing. */
const MOST = 60;

/** The data sets of the workspace that can be opened; the log names the others. */
export async function workspaceData(host: Host): Promise<readonly WorkspaceData[]> {
  const samples = await host.samples.searched();
  const opened = await Promise.all(
    samples.slice(0, MOST).map(async ({ path }) => {
      try {
        return await openData(host, path);
      } catch (error) {
        host.log.warn(`new config: ${path}: ${describeFailure(failureOf(error))}`);
        return null;
      }
    }),
  );
  return opened.filter((data) => data !== null);
}

export async function openData(host: Host, path: string): Promise<WorkspaceData> {
  const dataset = host.datasets.known(path) ?? (await host.datasets.peek(path));
  return { path, dataset, likeness: likeness(vscode.workspace.asRelativePath(path), dataset.columns) };
}

/**
 * A data set as the config names it, with the ranges of its times, labels and scores. Ranges come from the footers if
 * they have them, else from the rows.
 */
export async function starterFile(
  host: Host,
  { path, dataset }: WorkspaceData,
  relative: string,
): Promise<StarterFile> {
  const { isText } = traitsOf(dataset.format);
  return { path: relative, columns: dataset.columns, textual: isText, ranges: await rangesOf(host, path, dataset) };
}

async function rangesOf(host: Host, path: string, dataset: Dataset): Promise<StarterFile['ranges']> {
  const columns = rangedColumns(dataset.columns);
  if (columns.length === 0) return {};
  const ref = host.datasets.ref(`new-config:${path}`, path);
  try {
    if (traitsOf(dataset.format).hasStatistics) return (await host.link.call('metadata', { ref, columns })).ranges;
    const indices = columns.map((name) => dataset.columns.findIndex((column) => column.name === name));
    const { columns: profiles } = await host.link.call('profile', {
      ref,
      view: everything,
      columns: indices,
      depth: 'base',
    });
    return Object.fromEntries(
      profiles.flatMap(({ name, min, max }) =>
        min === null || max === null ? [] : [[name, { min: String(min), max: String(max) }] as const],
      ),
    );
  } finally {
    host.link.close(ref.id);
  }
}
