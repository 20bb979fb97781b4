import path from 'node:path';
import * as vscode from 'vscode';
import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { commands } from '../ids.ts';
import { pickTrialConfig } from '../trial/pickTrialConfig.ts';
import type { HostCommand } from './command.ts';
import { activeConfig, pickConfig, stageOf, uriOf } from './pickStage.ts';

/** Trains a probe model on the samples of several configs and compares what it recommends. */
export const trial: HostCommand = {
  id: commands.trial,
  async run(host, ...given) {
    const title = vscode.l10n.t('Compare Mixes on a Probe Model');
    const uri = uriOf(given[0]) ?? activeConfig() ?? (await pickConfig(host, title));
    if (!uri) return;
    const stage = stageOf(given) ?? 'recall';
    const { stages } = await host.configs.ask(uri);
    if (stage !== 'recall' || !stages.some(({ name }) => name === 'recall'))
      throw fail('unsupported', message('A trial compares recall stages'), {
        place: { path: path.posix.basename(uri.path) },
        advice: message('Choose a config with a recall stage.'),
      });
    const config = { uri: uri.toString() };
    const other = await pickTrialConfig({ configs: host.configs, texts: host.previews.texts }, [config]);
    host.trials.show(other ? [config, other] : [config]);
  },
};
