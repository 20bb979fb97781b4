import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import { chooseSample } from './chooseSample.ts';
import type { HostCommand } from './command.ts';
import { givenSamples } from './givenSamples.ts';
import { openInspector } from '../inspector/openInspector.ts';

/** Opens what a menu names (Explorer: one or more resources; tree: a data set). Asks if the menu names nothing. */
export const inspect: HostCommand = {
  id: commands.inspect,
  async run(host, ...given) {
    const named = givenSamples(given);
    const chosen =
      named.length > 0
        ? named
        : await chooseSample(host, vscode.l10n.t('Inspect Sample File'), { found: true, many: true });
    for (const uri of chosen) await openInspector(uri);
  },
};
