import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { labelText } from '../../core/message/escape.ts';
import { stageNames, stages as funnel, type Stage } from '../../core/schema/stage.ts';
import type { StarterDataset } from '../../core/config/starterData.ts';
import type { Host } from '../host.ts';
import { formatShortCount, textOf } from '../language.ts';
import { openData, type WorkspaceData } from './workspaceData.ts';

export const title = (): string => vscode.l10n.t('New Ratio Config');

/** Undefined if dismissed. */
export async function pickStages(): Promise<readonly Stage[] | undefined> {
  const details: Readonly<Record<Stage, string>> = {
    recall: vscode.l10n.t('Clicks against a mix of exposed-unclicked, popular and random items of the whole corpus'),
    coarse_ranking: vscode.l10n.t(
      'Per request: items shown, items that reached fine ranking but were not shown, items that coarse ranking dropped',
    ),
    fine_ranking: vscode.l10n.t('Every exposure with its own label; nothing is drawn'),
  };
  const items = funnel.map((stage) => ({
    label: stage,
    description: textOf(stageNames[stage]),
    detail: details[stage],
    stage,
    picked: stage === 'recall',
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: title(),
    placeHolder: vscode.l10n.t('For which stages?'),
    canPickMany: true,
  });
  return picked?.map(({ stage }) => stage);
}

interface DataStep {
  /** What the user is doing. */
  readonly title: string;
  readonly name: StarterDataset;
  readonly needed: boolean;
  readonly step: number;
  readonly steps: number;
  /** Candidates, best first. */
  readonly likely: readonly WorkspaceData[];
  readonly others: readonly WorkspaceData[];
}
type Choice = WorkspaceData | 'skip' | 'file' | 'folder';

/** Asks which data set belongs to an entry of `data`. */
export async function pickData(
  host: Host,
  { title: doing, name, needed, step, steps, likely, others }: DataStep,
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
  const items: (vscode.QuickPickItem & { readonly choice: Choice | null })[] = [
    ...likely.map((data, k) => dataItem(data, k === 0 ? vscode.l10n.t('best match') : undefined)),
    {
      label: `$(circle-slash) ${needed ? vscode.l10n.t('Fill in later') : vscode.l10n.t('Do not use')}`,
      ...(needed ? { description: vscode.l10n.t('writes an example path and underlines it') } : {}),
      choice: 'skip',
    },
    separator(''),
    { label: `$(file) ${vscode.l10n.t('Choose a file…')}`, choice: 'file' },
    {
      label: `$(folder) ${vscode.l10n.t('Choose a folder…')}`,
      description: vscode.l10n.t('all its files as one data set'),
      choice: 'folder',
    },
    separator(vscode.l10n.t('other data sets')),
    ...others.filter((data) => !likely.includes(data)).map((data) => dataItem(data)),
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title: `${doing}: ${name} (${step}/${steps})`,
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
