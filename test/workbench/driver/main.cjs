// An extension for tests only. It depends on the installed RecSample, and does through the API what a test cannot do
// from outside (settings written to disk have no effect on a running window).
const vscode = require('vscode');

const themes = {
  dark: 'Dark Modern',
  light: 'Light Modern',
  hc: 'Default High Contrast',
  'hc-light': 'Default High Contrast Light',
};

/** Tells the test how many resets have begun and how many are complete, in an item of the status bar. */
const signal = vscode.window.createStatusBarItem('reset', vscode.StatusBarAlignment.Right, -1e9);
let begun = 0;

/**
 * Shows the tabs and views of a window that was just opened. Unsaved text is lost.
 * @param odd true: the first, third, … reset. A key that the test pressed twice resets only once.
 */
async function resetWindow(odd) {
  if ((begun % 2 === 0) !== odd) return;
  begun++;
  signal.text = `reset begun ${begun}`;
  signal.show();
  const run = (command) => vscode.commands.executeCommand(command);
  await run('workbench.action.closeQuickOpen');
  for (const { isDirty, uri } of vscode.workspace.textDocuments) {
    if (!isDirty) continue;
    await vscode.window.showTextDocument(uri);
    await run('workbench.action.files.revert');
  }
  await vscode.window.tabGroups.close(vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs));
  await run('workbench.action.editorLayoutSingle');
  // A preview locks its group of editors, and the lock outlives its tab.
  await run('workbench.action.unlockEditorGroup');
  await run('workbench.action.closePanel');
  await run('notifications.clearAll');
  // These commands exist once their view was shown.
  const known = await vscode.commands.getCommands();
  const collapse = ['samples', 'configs'].map((view) => `workbench.actions.treeView.recsample.${view}.collapseAll`);
  for (const command of collapse) if (known.includes(command)) await run(command);
  await run('workbench.view.explorer');
  signal.text = `reset ${begun}`;
}

exports.activate = (context) => {
  context.subscriptions.push(vscode.commands.registerCommand('recsampleTest.reset', resetWindow));
  for (const [name, id] of Object.entries(themes)) {
    context.subscriptions.push(
      vscode.commands.registerCommand(`recsampleTest.theme.${name}`, () =>
        vscode.workspace.getConfiguration('workbench').update('colorTheme', id, vscode.ConfigurationTarget.Global),
      ),
    );
  }
};
