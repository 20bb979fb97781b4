// An extension for tests only. It depends on the installed RecSample, and does through the API what a test cannot do
// from outside (settings written to disk have no effect on a running window), or only slowly.
const { rmSync } = require('node:fs');
const { createServer } = require('node:net');
const vscode = require('vscode');

const themes = {
  dark: 'Dark Modern',
  light: 'Light Modern',
  hc: 'Default High Contrast',
  'hc-light': 'Default High Contrast Light',
};

const run = (command, ...args) => vscode.commands.executeCommand(command, ...args);

/** What a test asks for; `DriverRequests` in test/workbench/harness/driver.ts has the types. */
const requests = {
  /** Shows the tabs and views of a window that was just opened. Unsaved text is lost. */
  async reset() {
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
  },

  /** Reloads the window once this is answered. The next requests are for the driver of the new extension host. */
  async reload(_values, server) {
    server.close();
    return () => run('workbench.action.reloadWindow');
  },

  async theme({ name }) {
    const configuration = vscode.workspace.getConfiguration('workbench');
    await configuration.update('colorTheme', themes[name], vscode.ConfigurationTarget.Global);
  },

  /** Runs a command, and waits for it: one that asks a question is chosen in the palette. */
  async command({ id }) {
    await run(id);
  },

  /** Opens a file with its default editor, in a tab that the next file does not replace. */
  async open({ file }) {
    await run('vscode.open', vscode.Uri.joinPath(vscode.workspace.workspaceFolders[0].uri, file), { preview: false });
  },

  /** Selects text of a visible file, shows it in the middle and gives the editor the focus. */
  async select({ file, start, end }) {
    const isWanted = ({ document }) => document.uri.path.endsWith(`/${file}`);
    const { activeTextEditor: active, visibleTextEditors } = vscode.window;
    const editor = active && isWanted(active) ? active : visibleTextEditors.find(isWanted);
    if (!editor) throw new Error(`${file} is not visible`);
    const { document, viewColumn } = editor;
    const selection = new vscode.Range(start.line, start.character, end.line, end.character);
    await vscode.window.showTextDocument(document, { viewColumn, selection });
    // `TextEditor.revealRange` cannot be awaited: the text would move under the mouse after the answer.
    await run('revealLine', { lineNumber: start.line, at: 'center' });
  },
};

/** Answers a request, `{ error }` if it failed. Then does what the request has returned. */
async function answer(text, connection, server) {
  try {
    const { name, values } = JSON.parse(text);
    const next = await requests[name](values, server);
    connection.end('{}', next);
  } catch (error) {
    connection.end(JSON.stringify({ error: `${error instanceof Error ? error.stack : error}` }));
  }
}

exports.activate = () => {
  const { RECSAMPLE_DRIVER_SOCKET: socket, RECSAMPLE_DRIVER_FOLDER: folder } = process.env;
  // A test may open windows of other folders.
  if (socket === undefined || vscode.workspace.workspaceFolders?.[0]?.uri.fsPath !== folder) return;
  // That of an earlier window.
  rmSync(socket, { force: true });
  // Not closed when the extension host ends, which may be minutes after its window: `close` removes the path, and the
  // server of the next window listens there by then.
  const server = createServer({ allowHalfOpen: true }, (connection) => {
    let text = '';
    connection.setEncoding('utf8');
    connection.on('data', (part) => (text += part));
    connection.on('end', () => void answer(text, connection, server));
    // The test has ended.
    connection.on('error', () => undefined);
  }).listen(socket);
};
