import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { labelText } from '../../core/message/escape.ts';
import { stageNames, stages as funnel, type Stage } from '../../core/schema/stage.ts';
import type { StarterDataset } from '../../core/config/starterData.ts';
import type { Host } from '../host/host.ts';
import { formatShortCount, textOf } from '../language.ts';
import { openData, type WorkspaceData } from './workspaceData.ts';

export const title = (): string => vscode.l10n.t('New Ratio Config');

/** Undefined if dismissed. `missing`: why a stage cannot be chosen. It is listed with the reason, but not selected. */
export async function pickStages(
  missing: Readonly<Partial<Record<Stage, string>>>,
): Promise<readonly Stage[] | undefined> {
  const details: Readonly<Record<Stage, string>> = {
    recall: vscode.l10n.t('Clicks against a mix of exposed-unclicked, popular and random items of the whole corpus'),
    coarse_ranking: vscode.l10n.t(
      'Per request: items shown, items that reached fine ranking but were not shown, items that coarse ranking dropped',
    ),
    fine_ranking: vscode.l10n.t('Every exposure with its own label; nothing is drawn'),
  };
  const picker = vscode.window.createQuickPick<vscode.QuickPickItem & { readonly stage: Stage }>();
  picker.title = title();
  picker.placeholder = vscode.l10n.t('For which stages?');
  picker.canSelectMany = true;
  picker.items = funnel.map((stage) => ({
    label: missing[stage] === undefined ? stage : `$(circle-slash) ${labelText(stage)}`,
    description: missing[stage] ?? textOf(stageNames[stage]),
    detail: details[stage],
    stage,
  }));
  picker.selectedItems = picker.items.filter(({ stage }) => stage === 'recall');
  const available = (): typeof picker.selectedItems =>
    picker.selectedItems.filter(({ stage }) => missing[stage] === undefined);
  // VS Code cannot disable an item.
  picker.onDidChangeSelection((selected) => {
    if (selected.some(({ stage }) => missing[stage] !== undefined)) picker.selectedItems = available();
  });
  return await new Promise((resolve) => {
    picker.onDidAccept(() => {
      resolve(available().map(({ stage }) => stage));
      picker.hide();
    });
    picker.onDidHide(() => {
      resolve(undefined);
      picker.dispose();
    });
    picker.show();
  });
}

interface DataStep {
  /** What the user is doing. */
  readonly title: string;
  readonly name: StarterDataset;
  /** Candidates, best first. */
  readonly likely: readonly WorkspaceData[];
  readonly otherData: readonly WorkspaceData[];
  /** The answer that chooses no data set. */
  readonly skip: { readonly label: string; readonly icon: 'circle-slash' | 'list-unordered' };
  /** True if a stage needs the data set: to skip it is then the last answer. */
  readonly isNeeded: boolean;
}
type Choice = WorkspaceData | 'skip' | 'file' | 'folder';

/** Asks which data set belongs to an entry of `data`. */
export async function pickData(
  host: Host,
  { title: question, name, likely, otherData, skip, isNeeded }: DataStep,
): Promise<WorkspaceData | 'skip' | 'dismissed'> {
  const questions: Readonly<Record<StarterDataset, string>> = {
    impressions: vscode.l10n.t('The exposure log: one row per shown item'),
    items: vscode.l10n.t('The corpus: one row per item'),
    users: vscode.l10n.t('The users and their attributes'),
    candidates: vscode.l10n.t('Candidates that recall returned for each request, and the stage that each one reached'),
    rejections: vscode.l10n.t('Explicit rejections'),
  };
  const separator = (label: string): vscode.QuickPickItem & { choice: null } => ({
    label,
    kind: vscode.QuickPickItemKind.Separator,
    choice: null,
  });
  const unlikely = otherData.filter((data) => !likely.includes(data));
  const skipItem: vscode.QuickPickItem & { readonly choice: Choice } = {
    label: `$(${skip.icon}) ${labelText(skip.label)}`,
    ...(isNeeded ? { description: vscode.l10n.t('writes an example path and underlines it') } : {}),
    choice: 'skip',
  };
  const items: (vscode.QuickPickItem & { readonly choice: Choice | null })[] = [
    ...likely.map((data, k) => dataItem(data, k === 0 ? vscode.l10n.t('best match') : undefined)),
    ...(isNeeded ? [] : [skipItem]),
    ...(unlikely.length === 0 ? [] : [separator(vscode.l10n.t('other data sets'))]),
    ...unlikely.map((data) => dataItem(data)),
    separator(''),
    { label: `$(file) ${vscode.l10n.t('Choose a file…')}`, choice: 'file' },
    {
      label: `$(folder) ${vscode.l10n.t('Choose a folder…')}`,
      description: vscode.l10n.t('all its files as one data set'),
      choice: 'folder',
    },
    ...(isNeeded ? [skipItem] : []),
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title: question,
    placeHolder: questions[name],
    matchOnDescription: true,
  });
  const choice = picked?.choice ?? null;
  if (choice === null) return 'dismissed';
  if (choice !== 'file' && choice !== 'folder') return choice;
  const chosen = await vscode.window.showOpenDialog({
    title: questions[name],
    canSelectFiles: choice === 'file',
    canSelectFolders: choice === 'folder',
    canSelectMany: false,
    ...defaultUri(),
  });
  return chosen?.[0] ? openData(host, chosen[0].fsPath) : 'dismissed';
}

function dataItem(data: WorkspaceData, note?: string): vscode.QuickPickItem & { readonly choice: Choice } {
  const {
    path: file,
    dataset: { rows, files, columns },
  } = data;
  const roles = columns.flatMap(({ role, name }) =>
    role && !['attribute', 'embedding'].includes(role.role) ? [name] : [],
  );
  const facts = [
    ...(rows === null ? [] : [vscode.l10n.t('{0} rows', formatShortCount(rows))]),
    ...(note === undefined ? [] : [note]),
  ];
  return {
    label: `$(${files > 1 ? 'folder' : 'table'}) ${labelText(vscode.workspace.asRelativePath(file))}`,
    description: facts.join(' · '),
    detail: labelText(roles.join(', ')),
    choice: data,
  };
}

/** Asks where to write the config; null if dismissed. */
export async function pickFile(folder: string, stages: readonly Stage[]): Promise<string | null> {
  const inside = existsSync(path.join(folder, 'configs')) ? 'configs' : '';
  const stem = stages.length === 1 ? (stages[0] ?? 'samples') : 'samples';
  const value = freeName(folder, path.join(inside, stem));
  const typed = await vscode.window.showInputBox({
    title: title(),
    prompt: labelText(vscode.l10n.t('Path of the config file, relative to {0}', folder)),
    value,
    valueSelection: [value.length - path.basename(value).length, value.length - '.ratio.yaml'.length],
    validateInput: (text) =>
      !/\.ratio\.ya?ml$/.test(text)
        ? vscode.l10n.t('The name must end with .ratio.yaml or .ratio.yml')
        : existsSync(path.resolve(folder, text))
          ? vscode.l10n.t('This file already exists')
          : undefined,
  });
  return typed === undefined ? null : path.resolve(folder, typed);
}

function freeName(folder: string, stem: string): string {
  for (let k = 1; ; k++) {
    const name = `${stem}${k === 1 ? '' : `-${k}`}.ratio.yaml`;
    if (!existsSync(path.join(folder, name))) return name;
  }
}

function defaultUri(): { defaultUri?: vscode.Uri } {
  const uri = vscode.workspace.workspaceFolders?.[0]?.uri;
  return uri ? { defaultUri: uri } : {};
}
