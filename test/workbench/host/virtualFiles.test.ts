import assert from 'node:assert/strict';
import { suite, suiteSetup, suiteTeardown, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import { behind, goodConfig, hintText, hoverText, replaced, ruleOf, untilFound } from './ratioConfig.ts';
import { closeEditors, recsample } from './running.ts';

/** A file system with one file in memory. */
class OneFile implements vscode.FileSystemProvider {
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;
  #content: Uint8Array = new Uint8Array();

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }
  stat({ path }: vscode.Uri): vscode.FileStat {
    return {
      type: path === '/' ? vscode.FileType.Directory : vscode.FileType.File,
      ctime: 0,
      mtime: 0,
      size: this.#content.length,
    };
  }
  readDirectory(): [string, vscode.FileType][] {
    return [];
  }
  readFile(): Uint8Array {
    return this.#content;
  }
  writeFile(_uri: vscode.Uri, content: Uint8Array): void {
    this.#content = content;
  }
  createDirectory(): void {
    throw vscode.FileSystemError.NoPermissions();
  }
  delete(): void {
    throw vscode.FileSystemError.NoPermissions();
  }
  rename(): void {
    throw vscode.FileSystemError.NoPermissions();
  }
}

suite('virtual file systems', () => {
  const uri = vscode.Uri.parse('memfs:/recall.ratio.yaml');
  let registered: vscode.Disposable | undefined;
  suiteSetup(() => {
    registered = vscode.workspace.registerFileSystemProvider('memfs', new OneFile());
  });
  suiteTeardown(() => {
    registered?.dispose();
  });
  teardown(closeEditors);

  test('a config is linted and explained by its text alone: its data are not looked for', async () => {
    await recsample();
    await vscode.workspace.fs.writeFile(
      uri,
      new TextEncoder().encode(
        replaced(
          replaced(goodConfig('recall'), 'global_random: 0.2', 'global_random: 0.3'),
          '../data/items.parquet',
          '../data/none.parquet',
        ),
      ),
    );
    const { document } = await vscode.window.showTextDocument(uri);
    assert.deepEqual((await untilFound(uri, (all) => all.length > 0)).map(ruleOf), ['config/share-sum']);
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 100);
    assert.equal(lenses.length, 1);
    const text = await hoverText(document, '        popula');
    assert.match(text, /4 of 10 negatives per positive/);
    assert.doesNotMatch(text, /In the data/);
    const hints = await vscode.commands.executeCommand<vscode.InlayHint[]>(
      'vscode.executeInlayHintProvider',
      uri,
      new vscode.Range(0, 0, behind(document, 'policy:').line, 0),
    );
    assert.ok(hints.length > 0 && hints.every((hint) => !hintText(hint).includes('rows')));
  });
});
