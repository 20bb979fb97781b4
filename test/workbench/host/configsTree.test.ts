import assert from 'node:assert/strict';
import { suite, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import { commands } from '../../../src/extension/ids.ts';
import type { ConfigTreeNode } from '../../../src/extension/sidebar/configsTree.ts';
import { behind, goodConfig, replaced, showConfig, untilFound, writeConfig } from './ratioConfig.ts';
import { closeEditors, demoPath, labels, recsample } from './running.ts';

suite('Ratio Configs', () => {
  teardown(closeEditors);

  const nodeOf = async (name: string): Promise<ConfigTreeNode> => {
    const { configsTree } = await recsample();
    const found = (await configsTree.getChildren()).find(
      (node) => node.kind === 'config' && node.uri.fsPath === demoPath('configs', name),
    );
    assert.ok(found, `${name} is not in the tree`);
    return found;
  };

  test('configs, their stages, and below each its entries with share and count', async () => {
    const { configs, configsTree } = await recsample();
    await Promise.all((await configs.searched()).map((uri) => configs.ask(uri)));
    const roots = await labels(configsTree);
    for (const stage of ['recall', 'coarse_ranking', 'fine_ranking'])
      assert.ok(roots.includes(`${stage}.ratio.yaml\t1 stage · configs`), roots.join('\n'));
    const recall = await nodeOf('recall.ratio.yaml');
    assert.deepEqual(await labels(configsTree, recall), ['recall\t10 per positive']);
    const [stage] = await configsTree.getChildren(recall);
    // Expected draws follow the amounts once the rows of the config were read.
    const amounts = (await labels(configsTree, stage)).map((label) => label.replace(/ · ≈ [\d,]+ of [\d,]+$/, ''));
    assert.deepEqual(amounts, [
      'exposed_unclicked\t30 % = 3',
      'popularity\t40 % = 4',
      'global_random\t20 % = 2',
      'same_city\t5 % = 0.5',
      'host_refused\t5 % = 0.5',
    ]);
    assert.deepEqual(await labels(configsTree, await nodeOf('fine_ranking.ratio.yaml')), [
      'fine_ranking\tevery exposure',
    ]);
    assert.deepEqual(await labels(configsTree, await nodeOf('coarse_ranking.ratio.yaml')), [
      'coarse_ranking\t60 per request',
    ]);
  });

  test('a click on an entry shows its line', async () => {
    const { configs, configsTree } = await recsample();
    await configs.ask(vscode.Uri.file(demoPath('configs', 'recall.ratio.yaml')));
    const [stage] = await configsTree.getChildren(await nodeOf('recall.ratio.yaml'));
    const [, popularity] = await configsTree.getChildren(stage);
    assert.ok(popularity);
    const { command } = configsTree.getTreeItem(popularity);
    assert.ok(command);
    await vscode.commands.executeCommand(command.command, ...(command.arguments as unknown[]));
    const editor = vscode.window.visibleTextEditors.find(
      ({ document }) => document.uri.fsPath === demoPath('configs', 'recall.ratio.yaml'),
    );
    assert.ok(editor);
    assert.equal(editor.document.getText(editor.selection), 'popularity');
    assert.equal(editor.selection.start.line, behind(editor.document, '        popularity').line);
  });

  test('findings of an edit that is not saved are in the tree, at the config, the stage and the entry', async () => {
    const { configs, configsTree } = await recsample();
    const { uri, dispose } = await showConfig('found.ratio.yaml', goodConfig('recall'));
    try {
      await configs.refresh();
      const counted = new Promise<void>((resolve) => {
        const subscription = configs.onDidChange(() => {
          if (configs.summary(uri)?.counts.warning !== 1) return;
          subscription.dispose();
          resolve();
        });
      });
      const edit = new vscode.WorkspaceEdit();
      const document = await vscode.workspace.openTextDocument(uri);
      const text = replaced(
        replaced(goodConfig('recall'), 'exposed_unclicked: {share: 0.3', 'exposed_unclicked: {share: 0.6'),
        'popularity: {share: 0.4',
        'popularity: {share: 0.1',
      );
      edit.replace(uri, new vscode.Range(0, 0, document.lineCount, 0), text);
      await vscode.workspace.applyEdit(edit);
      await counted;
      const config = await nodeOf('found.ratio.yaml');
      const [stage] = await configsTree.getChildren(config);
      assert.ok(stage);
      const [exposed, popularity] = await configsTree.getChildren(stage);
      assert.ok(exposed && popularity);
      assert.deepEqual(
        [config, stage, exposed, popularity].map((node) => configsTree.getTreeItem(node).resourceUri?.query),
        ['0,1,0', '0,1,0', '0,1,0', '0,0,0'],
      );
    } finally {
      await closeEditors();
      dispose();
      await configs.refresh();
    }
  });

  test('the list is drawn again if it is another one, and only then', async () => {
    const { configs, configsTree } = await recsample();
    /** How often the list is drawn again by a search; the workbench may notice a file and search too. */
    const drawn = async (): Promise<number> => {
      let lists = 0;
      const subscription = configsTree.onDidChangeTreeData((node) => {
        if (node === undefined) lists++;
      });
      await configs.refresh();
      subscription.dispose();
      await configsTree.getChildren();
      return lists;
    };
    await configsTree.getChildren();
    const { dispose } = writeConfig('later.ratio.yaml', goodConfig('recall'));
    try {
      assert.ok((await drawn()) > 0, 'one config more');
      await nodeOf('later.ratio.yaml');
      assert.equal(await drawn(), 0, 'the same list');
    } finally {
      dispose();
    }
    assert.ok((await drawn()) > 0, 'one config less');
    assert.equal(await drawn(), 0, 'the same list');
  });

  test('Validate All finds what is wrong in files that no editor shows', async () => {
    const { uri, dispose } = writeConfig(
      'unseen.ratio.yaml',
      replaced(goodConfig('recall'), 'global_random: 0.2', 'global_random: 0.3'),
    );
    const { configs } = await recsample();
    try {
      await configs.refresh();
      await vscode.commands.executeCommand(commands.validateAll);
      const wrong = (found: readonly vscode.Diagnostic[]): readonly vscode.Diagnostic[] =>
        found.filter(({ severity }) => severity === vscode.DiagnosticSeverity.Error);
      assert.equal(wrong(await untilFound(uri, (found) => wrong(found).length > 0)).length, 1);
    } finally {
      dispose();
      await configs.refresh();
    }
    await untilFound(uri, (found) => found.length === 0);
  });
});
