import path from 'node:path';
import * as vscode from 'vscode';
import { starterConfig } from '../../core/config/starter.ts';
import { inputsOf, type StarterDataset } from '../../core/config/starterData.ts';
import type { Stage } from '../../core/schema/stage.ts';
import { chooseData, folderFor, likeliest, type ChosenData } from '../newConfig/chooseData.ts';
import { checkNewFile, showNewConfig } from '../config/newFile.ts';
import { askRoles, chooseLog, hasRole } from '../newConfig/chooseLog.ts';
import { givenRoles, workspaceData, type WorkspaceData } from '../newConfig/workspaceData.ts';
import type { Host } from '../host/host.ts';
import { commands } from '../ids.ts';
import { textOf } from '../language.ts';
import { pickFile, pickStages, title } from '../newConfig/newConfigSteps.ts';
import type { HostCommand } from './command.ts';

/**
 * Asks for data and stages, guesses the role of each column, and writes a commented config. Takes no argument, because
 * a link could name any file.
 */
export const newConfig: HostCommand = {
  id: commands.newConfig,
  run: (host) => writeNewConfig(host, null),
};

/** @param asked the answers of a test; null asks the user */
export async function writeNewConfig(host: Host, asked: AskedConfig | null): Promise<void> {
  const datasets = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('RecSample: looking at the data sets') },
    () => workspaceData(host),
  );
  const answers = asked ? { ...asked, chosen: likeliest(inputsOf(asked.stages), datasets) } : await ask(host, datasets);
  if (!answers) return;
  const { stages, file, chosenData } = answers;
  await checkNewFile(file);
  const data = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('RecSample: reading the data of the new config') },
    () =>
      host.link.request('starter', {
        stages,
        data: byName(chosenData, ({ path: dataPath }) => dataPath),
        set: byName(chosenData, ({ path: dataPath }) => givenRoles(host, dataPath)),
        target: file,
      }),
  );
  const seed = path.basename(file).replace(/\.ratio\.ya?ml$/, '');
  const root = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file))?.uri.fsPath ?? null;
  const location = { path: file, root };
  await showNewConfig(file, starterConfig({ stages, seed, data, place: location }, textOf));
  await host.tour.markDone('own');
}

interface Answers extends AskedConfig {
  readonly chosenData: ChosenData;
}

/** Asks for the log, the stages, the other data and the file. Null if dismissed. */
async function ask(host: Host, datasets: readonly WorkspaceData[]): Promise<Answers | null> {
  const data = await chooseLog(host, title(), datasets);
  const log = data === null || data === 'skip' ? data : await askRoles(host, title(), data);
  if (log === null) return null;
  const stages = await pickStages(
    log === 'skip' || hasRole(log, 'request')
      ? {}
      : { coarse_ranking: vscode.l10n.t('needs requests, and the log has no request column') },
  );
  if (!stages || stages.length === 0) return null;
  const selected = await chooseData(host, title(), inputsOf(stages), datasets, log);
  if (!selected) return null;
  const file = await pickFile(folderFor(selected), stages);
  return file === null ? null : { stages, file, chosenData: selected };
}

function byName<T>(chosen: ChosenData, value: (data: WorkspaceData) => T): Partial<Record<StarterDataset, T>> {
  return Object.fromEntries([...chosen].map(([name, data]) => [name, value(data)]));
}

export interface AskedConfig {
  readonly stages: readonly Stage[];
  readonly file: string;
}
