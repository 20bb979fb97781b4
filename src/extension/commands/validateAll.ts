import path from 'node:path';
import * as vscode from 'vscode';
import { describeFailure } from '../../core/message/failure.ts';
import { commands, views } from '../ids.ts';
import { textOfFailure } from '../language.ts';
import { describeFindings } from '../config/describeConfig.ts';
import type { HostCommand } from './command.ts';

/** Checks every config of the workspace with its data. */
export const validateAll: HostCommand = {
  id: commands.validateAll,
  async run(host) {
    const configs = (await host.configs.searched()).map((uri) => ({ uri: uri.toString() }));
    if (configs.length === 0) {
      // The view's welcome text explains what to do.
      await vscode.commands.executeCommand(`${views.configs}.focus`);
      return;
    }
    const { files, counts } = await host.link.request('validateAll', { configs, level: 'data' });
    const failures = files.flatMap((file) =>
      'failure' in file ? [{ name: path.posix.basename(vscode.Uri.parse(file.uri).path), failure: file.failure }] : [],
    );
    for (const { name, failure } of failures) host.log.warn(`${name}: ${describeFailure(failure)}`);
    const checked = files.every((file) => 'checked' in file && file.checked);
    const name = configs.length === 1 ? vscode.l10n.t('1 config') : vscode.l10n.t('{0} configs', configs.length);
    host.status.showResult(
      vscode.l10n.t('{0}: {1}', name, describeFindings(counts, checked)),
      failures.map(({ name: file, failure }) => `${file}: ${textOfFailure(failure)}`),
      counts.error > 0 || failures.length > 0 ? 'error' : counts.warning > 0 || !checked ? 'warning' : 'pass',
      () => files.every((file) => 'failure' in file || host.configs.agrees(vscode.Uri.parse(file.uri), file.counts)),
    );
  },
};
