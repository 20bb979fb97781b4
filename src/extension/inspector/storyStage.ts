import * as vscode from 'vscode';
import { labelText } from '../../core/message/escape.ts';
import { stages, type Stage } from '../../core/schema/stage.ts';
import type { ConfigSummary } from '../../protocol/language.ts';
import type { ConfigList } from '../config/configList.ts';
import { covers } from '../samplePath.ts';

/** A stage of a config that reads or writes a file. */
interface FileStage {
  readonly config: vscode.Uri;
  readonly stage: Stage;
}

/**
 * The stage whose story has the users of a file: that which wrote it, else the first stage of the config that reads it.
 * If several configs do, the user chooses. `none`: no config names the file. Null if dismissed.
 */
export async function storyStage(configs: ConfigList, file: string): Promise<FileStage | 'none' | null> {
  const found = (await configs.summarized()).flatMap((summary) => {
    const stage = stageOf(summary, file);
    return stage === null ? [] : [{ config: vscode.Uri.parse(summary.uri), ...stage }];
  });
  const written = found.filter(({ isWritten }) => isWritten);
  const candidates = written.length > 0 ? written : found;
  const [only] = candidates;
  if (!only) return 'none';
  if (candidates.length === 1) return only;
  const items = candidates.map((candidate) => ({
    label: `$(json) ${labelText(vscode.workspace.asRelativePath(candidate.config))}`,
    candidate,
  }));
  const title = vscode.l10n.t("Show a User's Story");
  const picked = await vscode.window.showQuickPick(items, { title, placeHolder: vscode.l10n.t('Which config?') });
  return picked?.candidate ?? null;
}

function stageOf(
  { stages: own, datasets }: ConfigSummary,
  file: string,
): { readonly stage: Stage; readonly isWritten: boolean } | null {
  const names = datasets.filter(({ path }) => covers(path, file)).map(({ name }) => name);
  const written = stages.find((stage) => names.includes(`samples.${stage}`));
  if (written !== undefined) return { stage: written, isWritten: true };
  const [first] = own;
  return first && names.length > 0 ? { stage: first.name, isWritten: false } : null;
}
