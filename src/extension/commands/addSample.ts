import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import { chooseSample } from './chooseSample.ts';
import type { HostCommand } from './command.ts';
import { openInspector } from '../inspector/openInspector.ts';

/** The `+` of the Samples view: adds the chosen data sets to the list and opens them. */
export const addSample: HostCommand = {
  id: commands.addSample,
  async run(host) {
    for (const uri of await chooseSample(host, vscode.l10n.t('Add to Samples'), { found: false, many: true })) {
      await host.samples.remember(uri.fsPath);
      await openInspector(uri);
    }
  },
};
