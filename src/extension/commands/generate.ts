import path from 'node:path';
import { performance } from 'node:perf_hooks';
import * as vscode from 'vscode';
import { labelText } from '../../core/message/escape.ts';
import { failureOf } from '../../core/message/failure.ts';
import { sampleLine } from '../../core/report/sampleLine.ts';
import { progressText, TimeLeft } from '../../core/report/timeLeft.ts';
import type { Progress } from '../../protocol/engine.ts';
import { generateWire, type GeneratedSample, type GenerateParams } from '../../protocol/generate.ts';
import type { SamplerParams } from '../../protocol/preview.ts';
import { pickTarget } from '../generate/pickTarget.ts';
import type { Host } from '../host.ts';
import { commands } from '../ids.ts';
import { textOf } from '../language.ts';
import type { HostCommand } from './command.ts';
import { canInspect, openInspector } from './openInspector.ts';
import { pickStage } from './pickStage.ts';
import { showFailure, waysOut, type WayOut } from './showFailure.ts';

/** Milliseconds between two progress updates. */
const REPORT_EVERY = 100;

/**
 * Writes the sample file of a stage. The third argument holds `seed`, `epoch` and `split` of the preview. The user always
 * chooses the target.
 */
export const generate: HostCommand = {
  id: commands.generate,
  async run(host, ...given) {
    const title = vscode.l10n.t('Generate Sample File');
    const { active } = host.previews;
    const stage = given.length === 0 && active ? active.sampler : await pickStage(host, given, title);
    if (!stage) return;
    const params: SamplerParams = { ...stage, ...readGiven(given[2]) };
    try {
      const offer = await host.link.request(generateWire.offer, params);
      const chosen = await pickTarget(offer, params, title);
      if (chosen)
        reportDone(
          host,
          await written(host, { ...params, ...chosen, file: chosen.file ?? null }, chosen.file ?? offer.file ?? ''),
        );
    } catch (error) {
      const failure = failureOf(error);
      if (failure.code !== 'cancelled')
        showFailure(host, commands.generate, failure, waysOut(failure, vscode.Uri.parse(params.config.uri)));
    }
  },
};

/** Writes the file with a progress notification that can cancel it. */
async function written(host: Host, params: GenerateParams, file: string): Promise<GeneratedSample> {
  const title = labelText(vscode.l10n.t('Writing {0}', path.basename(file)));
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (report, cancellation) => {
      const controller = new AbortController();
      cancellation.onCancellationRequested(() => {
        controller.abort();
      });
      return host.link.request(generateWire.generate, params, {
        signal: controller.signal,
        progress: progressReporter(report),
      });
    },
  );
}

/**
 * Reports the current phase, the progress and the remaining time. If the fraction is not known, the bar is
 * indeterminate.
 */
function progressReporter(
  report: vscode.Progress<{ message?: string; increment?: number }>,
): (progress: Progress) => void {
  const left = new TimeLeft();
  let [percent, reported] = [0, -Infinity];
  return (progress) => {
    const now = performance.now();
    const milliseconds = left.estimate(progress.fraction, now);
    if (now - reported < REPORT_EVERY) return;
    reported = now;
    const message = labelText(textOf(progressText(progress, milliseconds)));
    if (progress.fraction === null) {
      report.report({ message });
      return;
    }
    report.report({ message, increment: Math.max(0, progress.fraction * 100 - percent) });
    percent = Math.max(percent, progress.fraction * 100);
  };
}

/** Shows the result and offers next steps. Not awaited: the command has ended. */
function reportDone(host: Host, { file, summary, report }: GeneratedSample): void {
  const uri = vscode.Uri.file(file);
  host.reports.keep(file, report);
  host.log.info(`${commands.generate}:\n${report}`);
  const isReadable = canInspect(uri) || summary.files !== undefined;
  // VS Code shortens labels from three buttons on. The report has what the audit cannot know: why draws were rejected.
  const ways: readonly WayOut[] = [
    ...(isReadable
      ? [
          { label: vscode.l10n.t('Audit'), go: () => vscode.commands.executeCommand(commands.audit, uri) },
          { label: vscode.l10n.t('Open'), go: () => openInspector(uri) },
        ]
      : []),
    ...(isReadable && summary.notices.length < 2
      ? []
      : [{ label: vscode.l10n.t('Show Report'), go: () => host.reports.show(file) }]),
  ];
  void vscode.window
    .showInformationMessage(
      labelText(textOf(sampleLine(path.basename(file), summary))),
      ...ways.map(({ label }) => label),
    )
    .then((chosen) => ways.find(({ label }) => label === chosen)?.go());
}

/** A file is never taken from an argument, because a link could name any file. */
function readGiven(given: unknown): Pick<SamplerParams, 'seed' | 'epoch' | 'split'> {
  if (typeof given !== 'object' || given === null) return {};
  return {
    ...('seed' in given && typeof given.seed === 'string' ? { seed: given.seed } : {}),
    ...('epoch' in given && typeof given.epoch === 'number' ? { epoch: given.epoch } : {}),
    ...('split' in given && (given.split === 'train' || given.split === 'eval') ? { split: given.split } : {}),
  };
}
