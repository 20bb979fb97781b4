import * as vscode from 'vscode';
import { labelText } from '../../core/message/escape.ts';
import type { RecordedStage } from '../../protocol/auditView.ts';
import { byFunnel } from '../../core/schema/stage.ts';
import type { ConfigSummary, StageSummary } from '../../protocol/language.ts';
import type { ConfigList } from '../config/configList.ts';
import { covers } from '../samplePath.ts';
import type { ServerLink } from '../serverLink.ts';
import { describeStage } from '../config/describeConfig.ts';

/** A stage of a config that reads or writes a file. */
interface FileStage {
  readonly uri: string;
  readonly stage: StageSummary;
  readonly isWritten: boolean;
}

/**
 * The stage whose story has the users of a file: that which the lock file of the sample names, else one that writes the
 * file, else one of a config that reads it. If there are several, the user chooses. `none`: no config names the file.
 * Null if dismissed.
 */
export async function storyStage(
  configs: ConfigList,
  link: Pick<ServerLink, 'request'>,
  file: string,
): Promise<{ readonly config: vscode.Uri; readonly stage: StageSummary['name'] } | 'none' | null> {
  const summaries = await configs.summarized();
  if (summaries.length === 0) return 'none';
  const recorded = await link.request('recorded', { path: file });
  const candidates = candidatesOf(summaries, recorded, file);
  const [only] = candidates;
  if (!only) return 'none';
  const chosen = candidates.length === 1 ? only : await pickOne(candidates);
  return chosen && { config: vscode.Uri.parse(chosen.uri), stage: chosen.stage.name };
}

function candidatesOf(
  summaries: readonly ConfigSummary[],
  { config, stage }: RecordedStage,
  file: string,
): readonly FileStage[] {
  const all = summaries.flatMap(({ uri, stages, datasets }) => {
    const names = datasets.filter(({ path }) => covers(path, file)).map(({ name }) => name);
    return stages.map((one) => ({
      uri,
      stage: one,
      isNamed: names.length > 0,
      isWritten: names.includes(`samples.${one.name}`),
    }));
  });
  const isRecorded = (one: FileStage): boolean => one.stage.name === stage;
  const writer = config === null ? undefined : all.find((one) => isRecorded(one) && isSame(one.uri, config));
  if (writer) return [writer];
  const named = all.filter(({ isNamed }) => isNamed);
  const written = named.filter(({ isWritten }) => isWritten);
  const found = written.length > 0 ? written : named;
  // The config changed since, but the stage still says which of them.
  const ofStage = found.filter(isRecorded);
  return ofStage.length > 0 ? ofStage : found;
}

/** Programs encode the characters of URIs in different ways. */
function isSame(a: string, b: string): boolean {
  return vscode.Uri.parse(a).toString() === vscode.Uri.parse(b).toString();
}

async function pickOne(candidates: readonly FileStage[]): Promise<FileStage | null> {
  const placed = candidates.map((candidate) => ({
    candidate,
    place: vscode.workspace.asRelativePath(vscode.Uri.parse(candidate.uri)),
  }));
  placed.sort((a, b) => byFunnel(a.candidate.stage.name, b.candidate.stage.name) || (a.place < b.place ? -1 : 1));
  const items = placed.map(({ candidate, place }) => ({
    label: `$(layers) ${labelText(candidate.stage.name)}`,
    description: labelText(describeStage(candidate.stage)),
    detail: labelText(place),
    candidate,
  }));
  const title = vscode.l10n.t("Show a User's Story");
  const picked = await vscode.window.showQuickPick(items, {
    title,
    placeHolder: vscode.l10n.t('Which stage?'),
    matchOnDetail: true,
  });
  return picked?.candidate ?? null;
}
