import assert from 'node:assert/strict';
import { suite, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import { rules } from '../../../src/core/policy/rules.ts';
import { commands } from '../../../src/extension/ids.ts';
import { closeEditors, recsample } from './running.ts';

suite('rule pages', () => {
  teardown(closeEditors);
  const pageOf = (rule: string): vscode.Uri => vscode.Uri.parse(`recsample-rule:/${rule}.md`);

  test('every rule has its page inside the editor', async () => {
    await recsample();
    const missing: string[] = [];
    for (const { id } of rules) {
      const text = (await vscode.workspace.openTextDocument(pageOf(id))).getText();
      if (!text.startsWith(`# ${id}\n`) || !text.includes('## Why')) missing.push(id);
    }
    assert.deepEqual(missing, []);
  });

  test('the command opens the page of a rule, rendered', async () => {
    await recsample();
    await vscode.commands.executeCommand(commands.openRulePage, 'config/share-sum');
    const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    assert.ok(input instanceof vscode.TabInputCustom);
    assert.deepEqual(
      [input.viewType, input.uri.toString()],
      ['vscode.markdown.preview.editor', pageOf('config/share-sum').toString()],
    );
  });

  test('an unknown rule shows a message instead of a failure', async () => {
    await recsample();
    for (const address of ['recsample-rule:/config/none.md', 'recsample-rule:/../../package.json']) {
      assert.match(
        (await vscode.workspace.openTextDocument(vscode.Uri.parse(address))).getText(),
        /There is no such rule/,
      );
    }
  });
});
