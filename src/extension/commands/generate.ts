import path from 'node:path';
import * as vscode from 'vscode';
import { labelText } from '../../core/message/escape.ts';
import { failureOf } from '../../core/message/failure.ts';
import { sampleLine } from '../../core/report/sampleLine.ts';
import type { GeneratedSample, ServerParams } from '../../protocol/server.ts';
import type { SamplerParams } from '../../protocol/preview.ts';
import { pickTarget } from '../generate/pickTarget.ts';
import type { Host } from '../host/host.ts';
import { commands } from '../ids.ts';
import { textOf } from '../language.ts';
import type { HostCommand } from './command.ts';
import { canInspect, openInspector } from '../inspector/openInspector.ts';
import { pickStage } from './pickStage.ts';
import { withCancellableProgress } from './progress.ts';
import { showFailure, waysOut, type WayOut } from './showFailure.ts';

/**
 * Writes the sample file of a stage. The third argument holds `seed`, `epoch` and `split` of the preview. The user
 * always chooses the target.
 */
export const generate: HostCommand = {
  id: commands.generate,
  async run(host, ...given) {
    const title = vscode.l10n.t('Generate Sample File');
    const { active } = host.previews;
    if (given.length === 0 && active) {
      active.panel.reveal();
      // The preview asks for the target when it has the focus again: until it closes, the palette has it.
      active.command('generate');
      return;
    }
    const stage = await pickStage(host, given, title);
    if (!stage) return;
    const params: SamplerParams = { ...stage, ...readOverrides(given[2]) };
    try {
      const offer = await host.link.request('sampleOffer', params);
      const target = await pickTarget(offer, params, title);
      if (target)
        reportDone(
          host,
          await write(host, { ...params, ...target, file: target.file ?? null }, target.file ?? offer.file ?? ''),
        );
    } catch (error) {
      const failure = failureOf(error);
      if (failure.code !== 'cancelled')
        showFailure(host, commands.generate, failure, waysOut(failure, vscode.Uri.parse(params.config.uri)));
    }
  },
};

/** Writes the file with a progress notification that can cancel it. */
async function write(host: Host, params: ServerParams<'generate'>, file: string): Promise<GeneratedSample> {
  return await withCancellableProgress(
    vscode.l10n.t('Writing {0}', path.basename(file)),
    async (context) => await host.link.request('generate', params, context),
  );
}

/** Shows the result and offers next steps. Not awaited: the command has ended. */
function reportDone(host: Host, { file, summary, report }: GeneratedSample): void {
  const uri = vscode.Uri.file(file);
  host.reports.keep(file, report);
  host.log.info(`${commands.generate}:\n${report}`);
  const isReadable = canInspect(uri) || summary.files !== undefined;
  // VS Code shortens labels from three buttons on. The report has what the audit cannot know: why draws were rejected.
  const showReport = async (): Promise<void> => {
    await openInspector(uri);
    const { active } = host.inspectors;
    if (active?.path === file) active.command('showFile');
  };
  const ways: readonly WayOut[] = isReadable
    ? [
        { label: vscode.l10n.t('Audit'), go: () => vscode.commands.executeCommand(commands.audit, uri) },
        { label: vscode.l10n.t('Open'), go: () => openInspector(uri) },
        ...(summary.notices.length < 2 ? [] : [{ label: vscode.l10n.t('Show Report'), go: showReport }]),
      ]
    : [
        {
          label: vscode.l10n.t('Show Log'),
          go: () => {
            host.log.show();
          },
        },
      ];
  void vscode.window
    .showInformationMessage(
      labelText(textOf(sampleLine(path.basename(file), summary))),
      ...ways.map(({ label }) => label),
    )
    .then((chosen) => ways.find(({ label }) => label === chosen)?.go());
}

/** A file is never taken from an argument, because a link could name any file. */
function readOverrides(given: unknown): Pick<SamplerParams, 'seed' | 'epoch' | 'split'> {
  if (typeof given !== 'object' || given === null) return {};
  return {
    ...('seed' in given && typeof given.seed === 'string' ? { seed: given.seed } : {}),
    ...('epoch' in given && typeof given.epoch === 'number' ? { epoch: given.epoch } : {}),
    ...('split' in given && (given.split === 'train' || given.split === 'eval') ? { split: given.split } : {}),
  };
}
