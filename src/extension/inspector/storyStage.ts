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
 * Finds the stage for stories of the users in a file. In this order: the stage that the lock file names, a stage that
 * writes the file, a stage of a config that reads it. The user chooses among several. `none`: no config names the file.
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
  const [candidate] = candidates;
  if (!candidate) return 'none';
  const selected = candidates.length === 1 ? candidate : await pickCandidate(candidates);
  return selected && { config: vscode.Uri.parse(selected.uri), stage: selected.stage.name };
}

function candidatesOf(
  summaries: readonly ConfigSummary[],
  { config, stage }: RecordedStage,
  file: string,
): readonly FileStage[] {
  const fileStages = summaries.flatMap(({ uri, stages, datasets }) => {
    const names = datasets.filter(({ path }) => covers(path, file)).map(({ name }) => name);
    return stages.map((candidate) => ({
      uri,
      stage: candidate,
      isNamed: names.length > 0,
      isWritten: names.includes(`samples.${candidate.name}`),
    }));
  });
  const isRecorded = (candidate: FileStage): boolean => candidate.stage.name === stage;
  const writer =
    config === null
      ? undefined
      : fileStages.find((candidate) => isRecorded(candidate) && isSame(candidate.uri, config));
  if (writer) return [writer];
  const naming = fileStages.filter(({ isNamed }) => isNamed);
  const writing = naming.filter(({ isWritten }) => isWritten);
  const matches = writing.length > 0 ? writing : naming;
  // If the recorded config has changed, the recorded stage still narrows the choice.
  const ofStage = matches.filter(isRecorded);
  return ofStage.length > 0 ? ofStage : matches;
}

/** Compares URIs after parsing, because programs encode their characters in different ways. */
function isSame(a: string, b: string): boolean {
  return vscode.Uri.parse(a).toString() === vscode.Uri.parse(b).toString();
}

async function pickCandidate(candidates: readonly FileStage[]): Promise<FileStage | null> {
  const withPaths = candidates.map((candidate) => ({
    candidate,
    configPath: vscode.workspace.asRelativePath(vscode.Uri.parse(candidate.uri)),
  }));
  withPaths.sort(
    (a, b) => byFunnel(a.candidate.stage.name, b.candidate.stage.name) || (a.configPath < b.configPath ? -1 : 1),
  );
  const items = withPaths.map(({ candidate, configPath }) => ({
    label: `$(layers) ${labelText(candidate.stage.name)}`,
    description: labelText(describeStage(candidate.stage)),
    detail: labelText(configPath),
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
