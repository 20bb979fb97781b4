import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { suite, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import { commands } from '../../../src/extension/ids.ts';
import {
  behind,
  goodConfig,
  hintText,
  hoverText,
  replaced,
  ruleOf,
  showConfig,
  untilFound,
  validated,
  type ShownConfig,
} from './ratioConfig.ts';
import { closeEditors, demoPath, recsample } from './running.ts';

const stages = ['recall', 'coarse_ranking', 'fine_ranking'] as const;

suite('ratio configs', () => {
  const shown: Pick<ShownConfig, 'dispose'>[] = [];
  const show = async (name: string, text: string): Promise<ShownConfig> => {
    const config = await showConfig(name, text);
    shown.push(config);
    return config;
  };
  teardown(async () => {
    await closeEditors();
    for (const config of shown.splice(0)) config.dispose();
  });

  test('a wrong share is an error with the page of its rule, and its preferred fix removes it', async () => {
    const { uri, document } = await show(
      'wrong-share.ratio.yaml',
      replaced(goodConfig('recall'), 'global_random: 0.2', 'global_random: 0.3'),
    );
    assert.equal(document.languageId, 'ratio-yaml');
    const [error, ...others] = await untilFound(uri, (found) => found.length > 0);
    assert.deepEqual(others, []);
    assert.ok(error && typeof error.code === 'object');
    assert.deepEqual(
      [error.severity, error.source, error.code.value, error.code.target.toString()],
      [vscode.DiagnosticSeverity.Error, 'RecSample', 'config/share-sum', 'recsample-rule:/config/share-sum.md'],
    );
    assert.equal(document.getText(error.range), 'mix');
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      uri,
      error.range,
    );
    const [preferred, ...more] = actions.filter(({ isPreferred }) => isPreferred);
    assert.ok(preferred?.edit);
    assert.deepEqual(more, []);
    await vscode.workspace.applyEdit(preferred.edit);
    await untilFound(uri, (found) => found.length === 0);
    assert.match(document.getText(), /# Recall on the demo workspace/);
  });

  test('saving with fix-all on makes the safe fixes', async () => {
    const shares = [
      'exposed_unclicked: {share: 0.3',
      'popularity: {share: 0.4',
      'global_random: 0.2',
      'match: [city], share: 0.05',
      'rejected, share: 0.05',
    ];
    const percentages = shares.reduce(
      (text, share) =>
        replaced(
          text,
          share,
          share.replace(/[\d.]+$/, (value) => String(Number(value) * 100)),
        ),
      goodConfig('recall'),
    );
    const { uri, document } = await show('percentages.ratio.yaml', percentages);
    await untilFound(uri, (found) => found.some((one) => ruleOf(one) === 'config/share-sum'));
    const configuration = vscode.workspace.getConfiguration('editor', { languageId: 'ratio-yaml' });
    await configuration.update(
      'codeActionsOnSave',
      { 'source.fixAll.recsample': 'always' },
      vscode.ConfigurationTarget.Global,
      true,
    );
    try {
      const editor = await vscode.window.showTextDocument(document);
      await editor.edit((edit) => {
        edit.insert(new vscode.Position(0, 0), '# Shares by hand.\n');
      });
      assert.ok(await document.save());
      assert.ok(document.getText().includes('global_random: 0.2\n'), document.getText());
    } finally {
      await configuration.update('codeActionsOnSave', undefined, vscode.ConfigurationTarget.Global, true);
    }
  });

  test('completion offers the columns that only the Parquet files know, with their types', async () => {
    const { link } = await recsample();
    const { columns } = await link.call('open', { ref: { id: 'columns', path: demoPath('data', 'items.parquet') } });
    const { uri, document } = await show(
      'columns.ratio.yaml',
      replaced(goodConfig('recall'), 'attributes: [city, category]}', 'attributes: [city, category, ]}'),
    );
    const unwritten = columns.filter(({ name }) => !document.getText().includes(name));
    assert.ok(unwritten.length > 0);
    await validated(uri);
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      uri,
      behind(document, 'attributes: [city, category, '),
    );
    for (const { name } of unwritten) {
      const item = items.find(({ label }) => typeof label === 'object' && label.label === name);
      assert.ok(
        item && typeof item.label === 'object',
        `${name} is not among ${JSON.stringify(items.map(({ label }) => label))}`,
      );
      assert.equal(item.kind, vscode.CompletionItemKind.Field);
      assert.match(item.label.description ?? '', /\w/);
    }
  });

  test('a hover shows the definition, the formula and the amount of the share in the data', async () => {
    const { uri, document } = await show('hover.ratio.yaml', goodConfig('recall'));
    await validated(uri);
    const text = await hoverText(document, '        popula');
    assert.match(text, /popularity/);
    assert.match(text, /to the power/);
    assert.match(text, /q\(i\)/);
    assert.match(text, /4 of 10 negatives per positive/);
    assert.match(text, /[\d,]+ positives, so [\d,]+ rows/);
  });

  test('hints show the totals of shares, the row counts of files and a wrong sum', async () => {
    const { uri, document } = await show(
      'hints.ratio.yaml',
      replaced(goodConfig('recall'), 'global_random: 0.2', 'global_random: 0.3'),
    );
    await validated(uri);
    const hints = await vscode.commands.executeCommand<vscode.InlayHint[]>(
      'vscode.executeInlayHintProvider',
      uri,
      new vscode.Range(0, 0, document.lineCount, 0),
    );
    const lines = hints.map(
      (hint) => `${document.lineAt(hint.position.line).text.trim().split(':')[0] ?? ''} ${hintText(hint)}`,
    );
    for (const expected of [
      /^path [\d,]+ rows$/,
      /^mix sum 1\.1$/,
      /^global_random = 3 per positive$/,
      /^positives [\d,]+ positives$/,
    ])
      assert.ok(
        lines.some((line) => expected.test(line)),
        lines.join('\n'),
      );
  });

  test('every stage has lenses above it, and each names a registered command', async () => {
    const registered = new Set(await vscode.commands.getCommands(true));
    for (const stage of stages) {
      const { uri, document } = await show(`lenses-${stage}.ratio.yaml`, goodConfig(stage));
      await validated(uri);
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        uri,
        100,
      );
      const line = behind(document, `\n  ${stage}:\n    unit`).line - 1;
      assert.deepEqual([...new Set(lenses.map(({ range }) => range.start.line))], [line]);
      const named = lenses.map(({ command }) => command?.command ?? 'unresolved');
      assert.ok(named.includes(commands.validate), named.join());
      assert.deepEqual(
        named.filter((command) => command !== '' && !registered.has(command)),
        [],
      );
    }
  });

  test('links and quick fixes use only registered commands', async () => {
    const registered = new Set(await vscode.commands.getCommands(true));
    const { uri } = await show(
      'offers.ratio.yaml',
      replaced(goodConfig('recall'), 'global_random: 0.2', 'global_random: 0.3'),
    );
    const [error] = await untilFound(uri, (found) => found.length > 0);
    assert.ok(error);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      uri,
      error.range,
    );
    const named = actions.flatMap(({ command }) => command?.command ?? []);
    assert.ok(named.includes(commands.openRulePage), named.join());
    assert.deepEqual(
      named.filter((command) => !registered.has(command)),
      [],
    );
  });

  test('the outline and the folds follow the text', async () => {
    const { uri } = await show('outline.ratio.yaml', goodConfig('recall'));
    await validated(uri);
    const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
      'vscode.executeDocumentSymbolProvider',
      uri,
    );
    const recall = symbols.find(({ name }) => name === 'stages')?.children.find(({ name }) => name === 'recall');
    assert.ok(recall);
    assert.ok(recall.children.some(({ name }) => name === 'negatives'));
    const folds = await vscode.commands.executeCommand<vscode.FoldingRange[]>(
      'vscode.executeFoldingRangeProvider',
      uri,
    );
    assert.ok(folds.some(({ start }) => start === recall.range.start.line));
  });

  test('JSON configs are linted by RecSample only', async () => {
    const { uri, document } = await show('mix.ratio.json', '{"version": 1, "seed": "a", "sede": "b"}');
    assert.equal(document.languageId, 'ratio-json');
    const found = await untilFound(uri, (all) => all.length > 0);
    assert.deepEqual([...new Set(found.map(({ source }) => source))], ['RecSample']);
    assert.ok(found.some((one) => ruleOf(one) === 'config/unknown-key'));
  });

  for (const stage of stages) {
    test(`New Ratio Config for ${stage}: the file is clean with all its data, and every rule ran`, async () => {
      const file = demoPath('configs', `new-${stage}.ratio.yaml`);
      shown.push({
        dispose: () => {
          rmSync(file, { force: true });
        },
      });
      await (await recsample()).newConfig({ stages: [stage], file });
      const { document, selection } = vscode.window.activeTextEditor ?? assert.fail();
      assert.equal(document.uri.fsPath, file);
      // The preview is one click away, in the lenses above the line with the cursor.
      assert.equal(document.lineAt(selection.active.line).text.trim(), `${stage}:`);
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        document.uri,
      );
      const above = lenses.filter(({ range }) => range.start.line === selection.active.line);
      assert.ok(
        above.some(({ command }) => command?.title.includes('Preview') === true),
        above.map(({ command }) => command?.title).join(),
      );
      const { findings, counts, rules, level } = await validated(document.uri);
      assert.equal(level, 'data');
      assert.deepEqual([counts.error, counts.warning], [0, 0], JSON.stringify(findings));
      assert.deepEqual(
        rules.filter(({ status, nothingToCompare }) => status === 'not-run' && nothingToCompare !== true),
        [],
      );
      assert.match(document.getText(), /^# /);
    });
  }

  test('Write Ratio Config from Sample: the file opens without errors, and is never replaced', async () => {
    const sample = demoPath('out', 'recall.parquet');
    const file = demoPath('configs', 'inferred.ratio.yaml');
    shown.push({
      dispose: () => {
        rmSync(file, { force: true });
      },
    });
    const { inferConfig } = await recsample();
    await inferConfig(sample, file);
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.uri.fsPath, file);
    assert.match(document.getText(), /recall:\n {4}unit: positive/);
    const { findings, counts } = await validated(document.uri);
    assert.equal(counts.error, 0, JSON.stringify(findings));
    await assert.rejects(inferConfig(sample, file), /already exists/);
  });
});
