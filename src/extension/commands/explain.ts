import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import type { HostCommand } from './command.ts';
import { pickStage } from './pickStage.ts';

/** Explains why an item is or is not a negative of a user, in the active preview or else in the preview of a stage. */
export const explain: HostCommand = {
  id: commands.explain,
  async run(host, ...given) {
    const { active } = host.previews;
    const stage =
      given.length === 0 && active ? active.previewed : await pickStage(host, given, vscode.l10n.t('Explain a Pair'));
    if (stage) host.previews.show(stage).command('explain');
  },
};
