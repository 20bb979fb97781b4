import assert from 'node:assert/strict';
import { suite, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import type { Stage } from '../../../src/core/schema/stage.ts';
import { extractVersion, manifestFolder } from '../../../src/core/spark/extract/extractFormat.ts';
import { commands } from '../../../src/extension/ids.ts';
import type { RecSampleApi } from '../../../src/extension/activate/main.ts';
import { ConfigEdits } from '../../../src/extension/preview/configEdits.ts';
import type { Knob } from '../../../src/protocol/preview.ts';
import { goodConfig, replaced, showConfig, validated } from './ratioConfig.ts';
import { closeEditors, demoPath, recsample } from './running.ts';

/** Sorted titles of the preview tabs, once there are this many. */
function previewTabs(count: number): Promise<string[]> {
  const look = (): string[] =>
    vscode.window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith('recsample.preview'))
      .map(({ label }) => label)
      .sort();
  return new Promise((resolve) => {
    const subscription = vscode.window.tabGroups.onDidChangeTabs(() => {
      settle();
    });
    const settle = (): void => {
      const found = look();
      if (found.length < count) return;
      subscription.dispose();
      resolve(found);
    };
    settle();
  });
}

/** Resolves when a preview that `holds` is active. VS Code reports that apart from the tabs. */
function untilActive(
  previews: RecSampleApi['previews'],
  holds: (active: RecSampleApi['previews']['active']) => boolean,
): Promise<void> {
  return new Promise((resolve) => {
    const check = (): void => {
      if (!holds(previews.active)) return;
      subscription.dispose();
      resolve();
    };
    const subscription = previews.onDidChange(check);
    check();
  });
}
async function knobs(uri: vscode.Uri, stage: Stage): Promise<readonly Knob[]> {
  const { link } = await recsample();
  return (await link.request('sampler', { config: { uri: uri.toString() }, stage })).knobs;
}
const lineOf = (document: vscode.TextDocument, text: string): string =>
  document
    .getText()
    .split('\n')
    .find((line) => line.includes(text)) ?? '';

suite('Preview', () => {
  teardown(closeEditors);

  test('a lens above each stage opens one preview per stage, to the side of the config', async () => {
    const { previews } = await recsample();
    const shown = await showConfig('lens.ratio.yaml', goodConfig('recall'));
    try {
      await validated(shown.uri);
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        shown.uri,
      );
      const [lens] = lenses.filter(({ command }) => command?.title === 'Preview');
      assert.deepEqual(
        [lens?.command?.command, lens?.command?.arguments],
        [commands.preview, [shown.uri.toString(), 'recall']],
      );
      for (let k = 0; k < 2; k++) {
        await vscode.commands.executeCommand(commands.preview, ...(lens?.command?.arguments as readonly unknown[]));
        await previewTabs(1);
      }
      assert.deepEqual(await previewTabs(1), ['Preview: lens.ratio.yaml · recall']);
      assert.ok(
        vscode.window.visibleTextEditors.some(({ document }) => document === shown.document),
        'the config is still on screen',
      );
      await untilActive(previews, (active) => active?.stage === 'recall');
    } finally {
      shown.dispose();
    }
  });

  test('the folder of an extract opens its own preview of its stage; a folder that is none is refused', async () => {
    const { previews, link } = await recsample();
    const config = vscode.Uri.file(demoPath('configs', 'recall.ratio.yaml'));
    const folder = vscode.Uri.file(demoPath('out', 'some.extract'));
    const facts = [
      ['extract', 'version', extractVersion],
      ['same', 'stage', 'recall'],
      ['same', 'split', 'train'],
      ['user', '42', ''],
    ].map(([kind, name, value]) => JSON.stringify({ kind, name, value }));
    const write = (name: string, text: string): Thenable<void> =>
      vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder, manifestFolder, name), new TextEncoder().encode(text));
    try {
      await write('part-0.json', facts.join('\n'));
      const asked = { config: { uri: config.toString() }, folder: folder.fsPath };
      await assert.rejects(async () => await link.request('extract', asked), /not complete/);
      await write('_SUCCESS', '');
      await vscode.commands.executeCommand(commands.preview, config, 'recall');
      for (let k = 0; k < 2; k++) await vscode.commands.executeCommand(commands.previewExtract, config, folder);
      assert.deepEqual(await previewTabs(2), [
        'Preview: recall.ratio.yaml · recall',
        'Preview: recall.ratio.yaml · recall · some.extract',
      ]);
      await untilActive(previews, (active) => active?.extract === folder.fsPath);
    } finally {
      await vscode.workspace.fs.delete(folder, { recursive: true });
    }
  });

  test('the config in front is previewed without a question where it has one stage; so is a stage of the tree', async () => {
    const { configsTree } = await recsample();
    const document = await vscode.window.showTextDocument(
      vscode.Uri.file(demoPath('configs', 'coarse_ranking.ratio.yaml')),
    );
    assert.ok(document);
    await vscode.commands.executeCommand(commands.preview);
    assert.deepEqual(await previewTabs(1), ['Preview: coarse_ranking.ratio.yaml · coarse_ranking']);
    const config = (await configsTree.getChildren()).find(
      (node) => node.kind === 'config' && node.uri.path.endsWith('/configs/fine_ranking.ratio.yaml'),
    );
    assert.ok(config);
    const [stage] = await configsTree.getChildren(config);
    assert.ok(stage);
    assert.equal(configsTree.getTreeItem(stage).contextValue, 'stage');
    await vscode.commands.executeCommand(commands.preview, stage);
    assert.deepEqual(await previewTabs(2), [
      'Preview: coarse_ranking.ratio.yaml · coarse_ranking',
      'Preview: fine_ranking.ratio.yaml · fine_ranking',
    ]);
  });

  test('a gesture of a slider writes numbers in place, keeps comments, saves nothing, and is one step of undo', async () => {
    const { link } = await recsample();
    const text = replaced(goodConfig('recall'), 'global_random: 0.2\n', 'global_random: 0.20   # the whole corpus\n');
    const shown = await showConfig('slider.ratio.yaml', text);
    try {
      const edits = new ConfigEdits(link);
      const [knob] = (await knobs(shown.uri, 'recall')).filter(({ entry }) => entry === 'global_random');
      assert.ok(knob);
      const params = { config: { uri: shown.uri.toString() }, stage: 'recall' } as const;
      for (const [value, settle] of [
        [0.3, false],
        [0.35, false],
        [0.4, false],
        [0.4, true],
      ] as const) {
        assert.equal(await edits.setKnobs({ ...params, values: [{ id: knob.id, value }], settle }, undefined), true);
      }
      assert.equal(lineOf(shown.document, 'global_random:'), '        global_random: 0.4   # the whole corpus');
      assert.equal(shown.document.isDirty, true);
      // Another gesture is another undo step.
      await edits.setKnobs({ ...params, values: [{ id: knob.id, value: 0.1 }], settle: true }, undefined);
      assert.equal(lineOf(shown.document, 'global_random:'), '        global_random: 0.1   # the whole corpus');
      await edits.undo(shown.uri, undefined);
      assert.equal(lineOf(shown.document, 'global_random:'), '        global_random: 0.4   # the whole corpus');
      await edits.undo(shown.uri, undefined);
      assert.equal(shown.document.getText(), text);
    } finally {
      await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
      shown.dispose();
    }
  });

  test('a slider keeps what was typed meanwhile, and does nothing if its number is gone', async () => {
    const { link } = await recsample();
    const shown = await showConfig('typed.ratio.yaml', goodConfig('recall'));
    try {
      const edits = new ConfigEdits(link);
      const [knob] = (await knobs(shown.uri, 'recall')).filter(({ entry }) => entry === 'global_random');
      assert.ok(knob);
      const editor = vscode.window.activeTextEditor;
      assert.ok(editor);
      const params = {
        config: { uri: shown.uri.toString() },
        stage: 'recall',
        settle: true,
        values: [{ id: knob.id, value: 0.25 }],
      } as const;
      await editor.edit((builder) => {
        builder.insert(new vscode.Position(0, 0), '# a line more\n# and another\n');
      });
      assert.equal(await edits.setKnobs(params, undefined), true);
      assert.equal(lineOf(shown.document, 'global_random:').trim(), 'global_random: 0.25');
      const line = shown.document
        .getText()
        .split('\n')
        .findIndex((one) => one.includes('global_random:'));
      await editor.edit((builder) => {
        builder.delete(new vscode.Range(line, 0, line + 1, 0));
      });
      const before = shown.document.getText();
      assert.equal(await edits.setKnobs(params, undefined), false);
      assert.equal(shown.document.getText(), before);
    } finally {
      await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
      shown.dispose();
    }
  });

  test('a config without an editor opens to the side of the preview, which keeps its place', async () => {
    const { link, previews } = await recsample();
    const uri = vscode.Uri.file(demoPath('configs', 'recall.ratio.yaml'));
    await vscode.commands.executeCommand(commands.preview, uri);
    await previewTabs(1);
    const preview = previews.active;
    assert.ok(preview);
    const column = preview.panel.viewColumn;
    const [knob] = await knobs(uri, 'recall');
    assert.ok(knob);
    await new ConfigEdits(link).setKnobs(
      { config: { uri: uri.toString() }, stage: 'recall', values: [{ id: knob.id, value: 11 }], settle: true },
      column,
    );
    const editor = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString());
    assert.ok(editor && editor.viewColumn !== column);
    assert.match(lineOf(editor.document, 'per_positive'), /per_positive: 11$/);
    assert.equal(preview.panel.visible, true);
    await vscode.window.showTextDocument(editor.document, editor.viewColumn);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });
});
