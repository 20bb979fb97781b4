import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import { chooseSample } from './chooseSample.ts';
import type { HostCommand } from './command.ts';
import { givenSamples } from './givenSamples.ts';
import { openInspector } from '../inspector/openInspector.ts';

/** Opens the tab Audit of what a menu names. Asks if the menu names nothing. */
export const auditSample: HostCommand = {
  id: commands.audit,
  async run(host, ...given) {
    const named = givenSamples(given);
    const chosen =
      named.length > 0
        ? named
        : await chooseSample(host, vscode.l10n.t('Audit Sample File'), { found: true, many: true });
    for (const uri of chosen) {
      await openInspector(uri);
      const { active } = host.inspectors;
      if (active?.path === uri.fsPath) active.command('showAudit');
    }
  },
};
