import path from 'node:path';
import * as vscode from 'vscode';
import { isChecked } from '../../core/policy/finding.ts';
import { commands } from '../ids.ts';
import { describeFindings } from '../config/describeConfig.ts';
import type { HostCommand } from './command.ts';
import { activeConfig, pickConfig, uriOf } from './pickStage.ts';

/** Checks a config with its data: the config of the argument, of the editor, or that the user picks. */
export const validate: HostCommand = {
  id: commands.validate,
  async run(host, given) {
    const uri = uriOf(given) ?? activeConfig() ?? (await pickConfig(host, vscode.l10n.t('Validate Ratio Config')));
    if (!uri) return;
    const { counts, rules, level } = await host.link.request('validate', {
      uri: uri.toString(),
      level: 'data',
    });
    const name = path.posix.basename(uri.path);
    const checked = isChecked(rules);
    host.status.showResult(
      vscode.l10n.t('{0}: {1}', name, describeFindings(counts, checked)),
      level === 'data'
        ? []
        : [
            vscode.workspace.isTrusted
              ? vscode.l10n.t('Checked without counting rows of the data.')
              : vscode.l10n.t('Restricted Mode: configs are checked without their data.'),
          ],
      counts.error > 0 ? 'error' : counts.warning > 0 || !checked ? 'warning' : 'pass',
      () => host.configs.agrees(uri, counts),
    );
  },
};
