import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { suite, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import { commands } from '../../../src/extension/ids.ts';
import { goodConfig, replaced, showConfig } from './ratioConfig.ts';
import { closeEditors, demoPath, recsample } from './running.ts';

/** Item and label of a user's rows in a JSON Lines file. */
function rowsOf(file: string, user: string): string[] {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .filter((row) => row.includes(`"user_id":${user},`))
    .map((row) => `${/"item_id":(\d+)/.exec(row)?.[1] ?? ''} ${/"label":(\d)/.exec(row)?.[1] ?? ''}`);
}
async function generate(uri: string, file: string, seed?: string): Promise<unknown> {
  const { link } = await recsample();
  return link.request('generate', {
    config: { uri },
    stage: 'recall',
    split: 'train',
    file,
    ...(seed === undefined ? {} : { seed }),
  });
}

suite('Generate Sample File', () => {
  const made = demoPath('made');
  teardown(async () => {
    await vscode.commands.executeCommand('notifications.clearAll');
    await closeEditors();
    rmSync(made, { recursive: true, force: true });
  });

  test('the file is written, with the rows that the preview shows of a user', async () => {
    const { link } = await recsample();
    const uri = vscode.Uri.file(demoPath('configs', 'recall.ratio.yaml'));
    const file = demoPath('made', 'recall.jsonl');
    await generate(uri.toString(), file, 'host');
    const asked = { config: { uri: uri.toString() }, stage: 'recall', seed: 'host' } as const;
    const [user] = await link.request('users', {
      ...asked,
      choice: { kind: 'heaviest' },
      limit: 1,
      without: [],
    });
    assert.ok(user);
    const { preview } = await link.request('preview', { ...asked, users: [user.user], groupLimit: null });
    const shown = preview.users.flatMap(({ groups }) =>
      groups.flatMap(({ rows }) => rows.map(({ item, label }) => `${item} ${label}`)),
    );
    assert.ok(shown.length > 0);
    // The config shuffles the groups of the file.
    assert.deepEqual(rowsOf(file, user.user).sort(), shown.sort());
    assert.ok(existsSync(`${file}.recsample.json`));
  });

  test('a lens above each stage generates from the unsaved text of the editor', async () => {
    const shown = await showConfig('unsaved.ratio.yaml', goodConfig('recall'));
    try {
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        shown.uri,
      );
      const [lens] = lenses.filter(({ command }) => command?.title === 'Generate');
      assert.deepEqual(
        [lens?.command?.command, lens?.command?.arguments],
        [commands.generate, [shown.uri.toString(), 'recall']],
      );
      const edit = new vscode.WorkspaceEdit();
      edit.replace(
        shown.uri,
        new vscode.Range(0, 0, shown.document.lineCount, 0),
        replaced(goodConfig('recall'), 'per_positive: 10', 'per_positive: 1'),
      );
      assert.ok(await vscode.workspace.applyEdit(edit));
      const file = demoPath('made', 'unsaved.jsonl');
      await generate(shown.uri.toString(), file);
      const labels = readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((row) => /"label":(\d)/.exec(row)?.[1]);
      const positives = labels.filter((label) => label === '1').length;
      assert.ok(positives > 0 && labels.length <= 2 * positives, `${labels.length} rows of ${positives} positives`);
      assert.equal(shown.document.isDirty, true);
    } finally {
      await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
      shown.dispose();
    }
  });

  test('a target in the arguments, such as from a link, is ignored, and the user is asked', async () => {
    const file = demoPath('made', 'linked.jsonl');
    const state = { ended: false };
    const run = vscode.commands
      .executeCommand(
        commands.generate,
        vscode.Uri.file(demoPath('configs', 'recall.ratio.yaml')).toString(),
        'recall',
        { file },
      )
      .then(() => {
        state.ended = true;
      });
    // Dismiss the question as soon as it appears.
    while (!state.ended) await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    await run;
    assert.equal(existsSync(file), false);
  });

  test('a config with errors is refused, and nothing is written', async () => {
    const shown = await showConfig(
      'errors.ratio.yaml',
      replaced(goodConfig('recall'), 'global_random: 0.2\n', 'no_such_source: 0.2\n'),
    );
    try {
      const file = demoPath('made', 'errors.jsonl');
      await assert.rejects(generate(shown.uri.toString(), file));
      assert.equal(existsSync(file), false);
    } finally {
      shown.dispose();
    }
  });
});
