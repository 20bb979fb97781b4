import assert from 'node:assert/strict';
import { suite, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import type { RecSampleApi } from '../../../src/extension/activate/main.ts';
import type { SampleNode } from '../../../src/extension/sidebar/samplesTree.ts';
import { closeEditors, demoPath, inspectPath, labels, recsample } from './running.ts';

/** Resolves once the tree lists a data set. */
function untilListed({ tree }: RecSampleApi, file: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = async (): Promise<void> => {
      if (!(await tree.getChildren()).some((node) => node.kind === 'sample' && node.sample.path === file)) return;
      subscription.dispose();
      resolve();
    };
    const subscription = tree.onDidChangeTreeData(() => void look().catch(reject));
    look().catch(reject);
  });
}

async function sampleNode(api: RecSampleApi, file: string): Promise<SampleNode> {
  const found = (await api.tree.getChildren()).find(
    (node): node is SampleNode => node.kind === 'sample' && node.sample.path === file,
  );
  assert.ok(found, `${file} is not in the tree`);
  return found;
}

suite('Samples', () => {
  teardown(closeEditors);

  test('files, folders of partitions as one data set each, and text next to the data of configs; no other text', async () => {
    const api = await recsample();
    for (const name of ['rejections.csv', 'users.jsonl.gz', 'items.tsv.zst'])
      await untilListed(api, demoPath('data', name));
    const roots = (await api.tree.getChildren()).map((node) =>
      node.kind === 'sample' && !node.sample.remembered ? node.sample.path : '',
    );
    for (const [folder, name] of [
      ['data', 'items.parquet'],
      ['data', 'users.parquet'],
      ['data', 'impressions'],
      ['out', 'recall.parquet'],
    ] as const) {
      assert.ok(roots.includes(demoPath(folder, name)), name);
    }
    assert.deepEqual(
      roots.filter((path) => path.includes('dt=')),
      [],
    );
  });

  test('a file of any ending is listed, in capitals too; a CSV far from every config is not', async () => {
    const api = await recsample();
    const { fs } = vscode.workspace;
    const folder = vscode.Uri.file(demoPath('elsewhere'));
    const bytes = await fs.readFile(vscode.Uri.file(demoPath('data', 'items.parquet')));
    const names = ['a.pq', 'b.parq', 'c.pqt', 'D.PARQUET', 'notes.csv'];
    try {
      for (const name of names)
        await fs.writeFile(
          vscode.Uri.joinPath(folder, name),
          name.endsWith('.csv') ? new TextEncoder().encode('a,b\n1,2\n') : bytes,
        );
      await vscode.commands.executeCommand('recsample.refreshSamples');
      const listed = (await api.tree.getChildren()).flatMap((node) =>
        node.kind === 'sample' && node.sample.path.startsWith(folder.fsPath) ? [node.sample.path] : [],
      );
      assert.deepEqual(
        listed.sort(),
        names
          .slice(0, 4)
          .map((name) => demoPath('elsewhere', name))
          .sort(),
      );
    } finally {
      await fs.delete(folder, { recursive: true });
      await vscode.commands.executeCommand('recsample.refreshSamples');
    }
  });

  test('a log in CSV far from every config is listed: its partitions as one data set, a file by its header', async () => {
    const api = await recsample();
    const { fs } = vscode.workspace;
    const folder = vscode.Uri.file(demoPath('elsewhere'));
    const write = (name: string, text: string): Thenable<void> =>
      fs.writeFile(vscode.Uri.joinPath(folder, name), new TextEncoder().encode(text));
    try {
      for (const day of ['01', '02']) await write(`log/dt=2026-11-${day}/part-0.csv`, 'uid,vid,ts\n1,2,3\n');
      await write('tables/goods.csv', 'sku,brand\n1,2\n');
      await write('prices.csv', 'date,close\n1,2\n');
      await vscode.commands.executeCommand('recsample.refreshSamples');
      const listed = (await api.tree.getChildren()).flatMap((node) =>
        node.kind === 'sample' && node.sample.path.startsWith(folder.fsPath) ? [api.tree.getTreeItem(node)] : [],
      );
      assert.deepEqual(
        listed.map(({ label, description }) => [label, description]),
        [
          ['log/', '2 CSV files · elsewhere'],
          ['goods.csv', 'elsewhere/tables'],
        ],
      );
    } finally {
      await fs.delete(folder, { recursive: true });
      await vscode.commands.executeCommand('recsample.refreshSamples');
    }
  });

  test('a data set expands to its columns with type and role; its rows are known then', async () => {
    const api = await recsample();
    const node = await sampleNode(api, demoPath('data', 'impressions'));
    const columns = await labels(api.tree, node);
    assert.ok(columns.includes('user_id\tint64 · user'), columns.join('\n'));
    assert.ok(columns.some((text) => text.startsWith('dt\t')));
    const item = api.tree.getTreeItem(node);
    assert.equal(item.label, 'impressions/');
    assert.match(String(item.description), /^[\d,.]+.* · data$/);
  });

  test('a text file is in the list once it was inspected, and can be taken out', async () => {
    const api = await recsample();
    const file = demoPath('elsewhere.csv');
    await vscode.workspace.fs.writeFile(vscode.Uri.file(file), new TextEncoder().encode('a,b\n1,2\n'));
    await inspectPath(file, 'recsample.textInspector');
    const node = await sampleNode(api, file);
    assert.equal(api.tree.getTreeItem(node).contextValue, 'remembered');
    await vscode.commands.executeCommand('recsample.removeSample', node);
    // Later reports of the open editor must not add it to the list again.
    const inspector = api.inspectors.active;
    assert.ok(inspector);
    api.inspectors.notifyChanged(inspector);
    assert.ok(!(await api.tree.getChildren()).some((one) => one.kind === 'sample' && one.sample.path === file));
    await closeEditors();
    await vscode.workspace.fs.delete(vscode.Uri.file(file));
  });

  test('a role set by the user is shown in the tree and the inspector, and is remembered', async () => {
    const api = await recsample();
    const file = demoPath('data', 'users.parquet');
    await inspectPath(file);
    try {
      await api.roles.set(file, 'region', 'source');
      const columns = await labels(api.tree, await sampleNode(api, file));
      assert.ok(
        columns.some((text) => /^region\t.* · source$/.test(text)),
        columns.join('\n'),
      );
      assert.deepEqual(api.roles.get(file), { region: 'source' });
      const { columns: seen } = await api.link.call('open', {
        ref: { id: 'roles', path: file, roles: api.roles.get(file) ?? {} },
      });
      assert.equal(seen.find((column) => column.name === 'region')?.role?.set, true);
    } finally {
      await api.roles.set(file, 'region', undefined);
    }
    assert.equal(api.roles.get(file), undefined);
  });

  test('a file that cannot be read says so below its name', async () => {
    const api = await recsample();
    const file = vscode.Uri.file(demoPath('broken.parquet'));
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode('not Parquet at all'));
    try {
      await vscode.commands.executeCommand('recsample.refreshSamples');
      const [child] = await api.tree.getChildren(await sampleNode(api, file.fsPath));
      assert.ok(child?.kind === 'note');
      assert.equal(child.icon, 'error');
    } finally {
      await vscode.workspace.fs.delete(file);
      await vscode.commands.executeCommand('recsample.refreshSamples');
    }
  });
});
