import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import type { HostCommand } from './command.ts';
import { pickStage } from './pickStage.ts';

/**
 * Shows all exposures, events and draws of a user by time, in the active preview or else in the preview of a stage. The
 * inspector passes a config, a stage and a user; otherwise the preview asks for the user.
 */
export const story: HostCommand = {
  id: commands.story,
  async run(host, ...given) {
    const { active } = host.previews;
    const stage =
      given.length === 0 && active
        ? active.previewed
        : await pickStage(host, given, vscode.l10n.t("Show a User's Story"));
    const [, , user] = given;
    if (stage) host.previews.show(stage).command('story', typeof user === 'string' ? { user } : {});
  },
};
