import path from 'node:path';
import * as vscode from 'vscode';
import { labelText } from '../../core/message/escape.ts';
import type { SampleOffer } from '../../protocol/server.ts';
import type { SamplerParams, Split } from '../../protocol/preview.ts';
import { traitsOf } from '../../core/table/sampleName.ts';

/** The window of positives to write, and the target file. */
interface SampleTarget {
  readonly split: Split;
  /** Absolute path; null for the file that the config names. */
  readonly file: string | null;
}

/** Asks for the window, if the config has two and no preview shows one, and for the file. Null if dismissed. */
export async function pickTarget(
  offer: SampleOffer,
  params: SamplerParams,
  title: string,
): Promise<SampleTarget | null> {
  const split = params.split ?? (offer.splits.length > 1 ? await pickSplit(offer.splits, title) : 'train');
  return split ? pickFile(split, offer, params, title) : null;
}

/** Asks for the window of the positives. Null if dismissed. */
export async function pickSplit(splits: readonly Split[], title: string): Promise<Split | null> {
  const descriptions: Readonly<Record<Split, string>> = {
    train: vscode.l10n.t('positives of the training window'),
    eval: vscode.l10n.t('positives of the eval window'),
  };
  const items = splits.map((split) => ({ label: split, description: descriptions[split], split }));
  return (
    (await vscode.window.showQuickPick(items, { title, placeHolder: vscode.l10n.t('For which window?') }))?.split ??
    null
  );
}

async function pickFile(
  split: Split,
  offer: SampleOffer,
  params: SamplerParams,
  title: string,
): Promise<SampleTarget | null> {
  const proposed = split === 'train' ? offer.file : offer.file && withSplit(offer.file, split, offer.folder);
  const formats = offer.formats.map((format) => traitsOf(format).label).join(', ');
  const items: (vscode.QuickPickItem & { readonly isOther: boolean })[] = [
    ...(proposed === null ? [] : [await proposedItem(proposed, split, offer.isDefault)]),
    {
      label: `$(folder-opened) ${offer.folder ? vscode.l10n.t('Another folder…') : vscode.l10n.t('Another file…')}`,
      ...(offer.folder ? {} : { description: formats }),
      ...(proposed === null ? { detail: unnamed(offer, params) } : {}),
      isOther: true,
    },
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title,
    placeHolder: [vscode.l10n.t('Where to write the sample file?'), ...unsavedNotes(params)].join(' '),
  });
  if (!picked) return null;
  if (!picked.isOther) return { split, file: split === 'train' && !offer.isDefault ? null : proposed };
  const file = offer.folder ? await askFolder(proposed, title) : await askFile(proposed, offer, params, title);
  return file === null ? null : { split, file };
}

async function proposedItem(
  file: string,
  split: Split,
  isDefault: boolean,
): Promise<vscode.QuickPickItem & { readonly isOther: boolean }> {
  const exists = await vscode.workspace.fs.stat(vscode.Uri.file(file)).then(
    () => true,
    () => false,
  );
  return {
    label: `$(save) ${labelText(vscode.l10n.t('Write to {0}', vscode.workspace.asRelativePath(file)))}`,
    ...(split === 'eval'
      ? { description: vscode.l10n.t('next to the training file') }
      : isDefault
        ? {}
        : { description: vscode.l10n.t('from the config') }),
    detail: exists
      ? vscode.l10n.t('Replaces the existing file when the new one is complete')
      : vscode.l10n.t('There is no such file yet'),
    isOther: false,
  };
}

/** The differences between the choice and the saved config. */
function unsavedNotes({ config: { uri, saved }, seed, epoch, split }: SamplerParams): string[] {
  const unsaved =
    saved !== true &&
    vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri && document.isDirty);
  return [
    ...(unsaved ? [vscode.l10n.t('The unsaved text in the editor is used.')] : []),
    ...(split === 'eval' ? [vscode.l10n.t('Rows of the eval window, as in the preview.')] : []),
    ...(seed === undefined ? [] : [vscode.l10n.t('Seed {0}, as in the preview.', seed)]),
    ...(epoch === undefined ? [] : [vscode.l10n.t('Epoch {0}, as in the preview.', epoch)]),
  ];
}

function unnamed({ folder }: SampleOffer, { stage }: SamplerParams): string {
  return folder
    ? vscode.l10n.t('data.samples.{0}.path in the config does not name a folder', stage)
    : vscode.l10n.t('data.samples.{0}.path in the config does not name a single file in a writable format', stage);
}

async function askFolder(proposed: string | null, title: string): Promise<string | null> {
  const [chosen] =
    (await vscode.window.showOpenDialog({
      title,
      canSelectFiles: false,
      canSelectFolders: true,
      openLabel: vscode.l10n.t('Write'),
      ...(proposed === null ? {} : { defaultUri: vscode.Uri.file(path.dirname(proposed)) }),
    })) ?? [];
  return chosen?.fsPath ?? null;
}

async function askFile(
  proposed: string | null,
  { formats }: SampleOffer,
  { config: { uri }, stage }: SamplerParams,
  title: string,
): Promise<string | null> {
  const folder =
    vscode.workspace.getWorkspaceFolder(vscode.Uri.parse(uri))?.uri ?? vscode.workspace.workspaceFolders?.[0]?.uri;
  const defaultUri =
    proposed === null
      ? folder && vscode.Uri.joinPath(folder, `${stage}.${formats[0] ?? 'parquet'}`)
      : vscode.Uri.file(proposed);
  const filters = Object.fromEntries(formats.map((format) => [traitsOf(format).label, [...traitsOf(format).written]]));
  const chosen = await vscode.window.showSaveDialog({
    title,
    saveLabel: vscode.l10n.t('Write'),
    filters,
    ...(defaultUri ? { defaultUri } : {}),
  });
  return chosen?.fsPath ?? null;
}

/**
 * Adds the split to a path: `recall.parquet` becomes `recall.eval.parquet`, the folder `recall` becomes `recall.eval`.
 */
function withSplit(file: string, split: Split, folder: boolean): string {
  if (folder) return `${file}.${split}`;
  const { dir, name, ext } = path.parse(file);
  return path.join(dir, `${name}.${split}${ext}`);
}
