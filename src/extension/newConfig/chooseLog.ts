import * as vscode from 'vscode';
import { missingRoles } from '../../core/config/starterData.ts';
import type { Role } from '../../core/table/role.ts';
import type { Host } from '../host/host.ts';
import { pickMissing } from '../rolePick.ts';
import { likeliestFirst } from './chooseData.ts';
import { pickData } from './newConfigSteps.ts';
import { openData, type WorkspaceData } from './workspaceData.ts';

/**
 * The exposure log: the only data set with a time and a label, otherwise the one that the user chooses. 'skip': to be
 * filled in later. Null if dismissed.
 */
export async function chooseLog(
  host: Host,
  title: string,
  datasets: readonly WorkspaceData[],
): Promise<WorkspaceData | 'skip' | null> {
  const likely = likeliestFirst('impressions', datasets);
  const logs = likely.filter((data) => hasRole(data, 'time') && hasRole(data, 'label'));
  const [log] = logs;
  if (log && logs.length === 1) return log;
  const picked = await pickData(host, {
    title: `${title}: impressions`,
    name: 'impressions',
    likely,
    otherData: datasets,
    skip: { label: vscode.l10n.t('Fill in later'), icon: 'circle-slash' },
    isNeeded: true,
  });
  return picked === 'dismissed' ? null : picked;
}

export const hasRole = ({ dataset }: WorkspaceData, role: Role): boolean =>
  dataset.columns.some((column) => column.role?.role === role);

/** Asks for the column of each role that a log needs but lacks. Null if dismissed. */
export async function askRoles(host: Host, title: string, log: WorkspaceData): Promise<WorkspaceData | null> {
  const missing = missingRoles('impressions', log.dataset);
  for (const role of missing) {
    const { dataset } = await openData(host, log.path);
    const column = await pickMissing(role, dataset.columns, title);
    if (!column) return null;
    await host.roles.set(log.path, column.name, role);
  }
  return missing.length === 0 ? log : await openData(host, log.path);
}
