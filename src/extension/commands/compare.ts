import * as vscode from 'vscode';
import { pickOther } from '../preview/pickOther.ts';
import { commands } from '../ids.ts';
import type { HostCommand } from './command.ts';
import { pickStage } from './pickStage.ts';

/** Compares two configs, or two seeds of one config. One side is the active preview, else a stage. */
export const compare: HostCommand = {
  id: commands.compare,
  async run(host, ...given) {
    const { active } = host.previews;
    const stage =
      given.length === 0 && active
        ? active.previewed
        : await pickStage(host, given, vscode.l10n.t('Compare Ratio Configs'));
    if (!stage) return;
    const other = await pickOther({ configs: host.configs, texts: host.previews.texts }, stage.config);
    if (other) host.previews.show(stage).command('compare', { other });
  },
};
