import path from 'node:path';
import * as vscode from 'vscode';
import { written } from '../../core/config/written.ts';
import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { accept } from '../../protocol/schema/accept.ts';
import { commandArguments } from '../../protocol/schema/language.ts';
import { commands } from '../ids.ts';
import { chooseSample } from './chooseSample.ts';
import type { HostCommand } from './command.ts';

/** The fix of a path in a config that matches no file: replaces it by the path of files that the user chooses. */
export const chooseFiles: HostCommand = {
  id: commands.chooseFiles,
  async run(host, ...given) {
    const [uri, { start, end }] = accept(commandArguments.chooseFiles, commands.chooseFiles, given);
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
    const { version } = document;
    const [chosen] = await chooseSample(host, vscode.l10n.t('Choose files…'), { found: true, many: false });
    if (!chosen) return;
    if (document.version !== version)
      throw fail('bad-request', message('The config has changed meanwhile'), {
        advice: message('Choose the files again.'),
      });
    const relative = path.relative(path.dirname(document.uri.fsPath), chosen.fsPath).replaceAll(path.sep, '/');
    const edit = new vscode.WorkspaceEdit();
    edit.replace(
      document.uri,
      new vscode.Range(start.line, start.character, end.line, end.character),
      written(relative, document.languageId === 'json' || document.languageId === 'jsonc' ? 'json' : 'yaml'),
    );
    await vscode.workspace.applyEdit(edit);
  },
};
