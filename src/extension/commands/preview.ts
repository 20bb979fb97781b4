import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import type { HostCommand } from './command.ts';
import { pickStage } from './pickStage.ts';

/** Shows what a stage draws for users. */
export const preview: HostCommand = {
  id: commands.preview,
  async run(host, ...given) {
    const stage = await pickStage(host, given, vscode.l10n.t('Preview Sampler for Users'));
    if (stage) host.previews.show(stage);
  },
};
