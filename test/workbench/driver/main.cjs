// An extension for tests only. It depends on the installed RecSample, and does through the API what a test cannot do
// from outside (settings written to disk have no effect on a running window).
const vscode = require('vscode');

const themes = {
  dark: 'Dark Modern',
  light: 'Light Modern',
  hc: 'Default High Contrast',
  'hc-light': 'Default High Contrast Light',
};

exports.activate = (context) => {
  for (const [name, id] of Object.entries(themes)) {
    context.subscriptions.push(
      vscode.commands.registerCommand(`recsampleTest.theme.${name}`, () =>
        vscode.workspace.getConfiguration('workbench').update('colorTheme', id, vscode.ConfigurationTarget.Global),
      ),
    );
  }
};
