/** A theme as a webview sees it: the variables that the workbench sets, and the body's classes. */
export interface Theme {
  readonly kind: 'vscode-dark' | 'vscode-light' | 'vscode-high-contrast' | 'vscode-high-contrast-light';
  readonly classes: string;
  readonly variables: Readonly<Record<string, string>>;
}

const fonts = {
  'font-family': '"Inter", "Segoe UI", -apple-system, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif',
  'font-size': '13px',
  'font-weight': 'normal',
  'editor-font-family': '"DejaVu Sans Mono", Menlo, Consolas, "Noto Sans Mono CJK SC", monospace',
  'editor-font-size': '13px',
};

/**
 * Colours that the scripts of webviews use, in Dark Modern, Light Modern and the two high contrast themes.
 * A colour is empty where a theme does not have one. `test/workbench/harness/themeColours.ts` compares them with those
 * of VS Code.
 */
const colours: Readonly<Record<string, readonly [dark: string, light: string, hcDark: string, hcLight: string]>> = {
  'badge-background': ['#616161', '#cccccc', '#000000', '#0f4a85'],
  'badge-foreground': ['#f8f8f8', '#3b3b3b', '#ffffff', '#ffffff'],
  'button-background': ['#0078d4', '#005fb8', '#000000', '#0f4a85'],
  'button-border': ['#ffffff1a', '#0000001a', '#6fc3df', '#0f4a85'],
  'button-foreground': ['#ffffff', '#ffffff', '#ffffff', '#ffffff'],
  'button-hoverBackground': ['#026ec1', '#0258a8', '#000000', '#0f4a85'],
  'button-secondaryBackground': ['#00000000', '#e5e5e5', '', '#ffffff'],
  'button-secondaryForeground': ['#cccccc', '#3b3b3b', '#ffffff', '#292929'],
  'button-secondaryHoverBackground': ['#2b2b2b', '#cccccc', '', ''],
  'charts-foreground': ['#cccccc', '#3b3b3b', '#ffffff', '#292929'],
  'charts-lines': ['#cccccc80', '#3b3b3b80', '#ffffff80', '#29292980'],
  'checkbox-background': ['#313131', '#f8f8f8', '#000000', '#ffffff'],
  'checkbox-border': ['#3c3c3c', '#cecece', '#6fc3df', '#0f4a85'],
  'checkbox-foreground': ['#cccccc', '#3b3b3b', '#ffffff', '#292929'],
  contrastActiveBorder: ['', '', '#f38518', '#006bbd'],
  contrastBorder: ['', '', '#6fc3df', '#0f4a85'],
  descriptionForeground: ['#9d9d9d', '#3b3b3b', '#ffffffb2', '#292929b2'],
  'diffEditor-insertedLineBackground': ['#9bb95533', '#9bb95533', '', ''],
  'diffEditor-removedLineBackground': ['#ff000033', '#ff000033', '', ''],
  disabledForeground: ['#cccccc80', '#61616180', '#a5a5a5', '#7f7f7f'],
  'dropdown-background': ['#313131', '#ffffff', '#000000', '#ffffff'],
  'dropdown-border': ['#3c3c3c', '#cecece', '#6fc3df', '#0f4a85'],
  'dropdown-foreground': ['#cccccc', '#3b3b3b', '#ffffff', '#292929'],
  'editor-background': ['#1f1f1f', '#ffffff', '#000000', '#ffffff'],
  'editor-selectionBackground': ['#264f78', '#add6ff', '#ffffff', '#0f4a85'],
  'editorError-foreground': ['#f14c4c', '#e51400', '#f48771', '#b5200d'],
  'editorSuggestWidget-background': ['#202020', '#f8f8f8', '#0c141f', '#ffffff'],
  'editorSuggestWidget-border': ['#cccccc33', '#3b3b3b33', '#6fc3df', '#0f4a85'],
  'editorSuggestWidget-foreground': ['#cccccc', '#3b3b3b', '#ffffff', '#292929'],
  'editorSuggestWidget-selectedBackground': ['#04395e', '#e8e8e8', '#ffffff', '#292929'],
  'editorSuggestWidget-selectedForeground': ['#ffffff', '#000000', '#0c141f', '#ffffff'],
  'editorWidget-background': ['#202020', '#f8f8f8', '#0c141f', '#ffffff'],
  'editorWidget-border': ['#cccccc33', '#3b3b3b33', '#6fc3df', '#0f4a85'],
  'editorWidget-foreground': ['#cccccc', '#3b3b3b', '#ffffff', '#292929'],
  errorForeground: ['#f85149', '#f85149', '#f48771', '#b5200d'],
  focusBorder: ['#0078d4', '#005fb8', '#f38518', '#006bbd'],
  foreground: ['#cccccc', '#3b3b3b', '#ffffff', '#292929'],
  'icon-foreground': ['#cccccc', '#3b3b3b', '#ffffff', '#292929'],
  'input-background': ['#313131', '#ffffff', '#000000', '#ffffff'],
  'input-border': ['#3c3c3c', '#cecece', '#6fc3df', '#0f4a85'],
  'input-foreground': ['#cccccc', '#3b3b3b', '#ffffff', '#292929'],
  'input-placeholderForeground': ['#989898', '#767676', '#ffffffb2', '#292929b2'],
  'inputOption-activeBackground': ['#2489db82', '#bed6ed', '#00000000', '#00000000'],
  'inputOption-activeBorder': ['#2488db', '#005fb8', '#6fc3df', '#0f4a85'],
  'inputOption-activeForeground': ['#ffffff', '#000000', '#ffffff', '#292929'],
  'inputValidation-errorBackground': ['#5a1d1d', '#f2dede', '#000000', '#ffffff'],
  'inputValidation-errorBorder': ['#be1100', '#be1100', '#6fc3df', '#0f4a85'],
  'inputValidation-errorForeground': ['', '', '', '#292929'],
  'keybindingLabel-background': ['#8080802b', '#dddddd66', '#00000000', '#00000000'],
  'keybindingLabel-border': ['#33333399', '#cccccc66', '#6fc3df', '#0f4a85'],
  'keybindingLabel-bottomBorder': ['#44444499', '#bbbbbb66', '#6fc3df', '#292929'],
  'keybindingLabel-foreground': ['#cccccc', '#3b3b3b', '#ffffff', '#292929'],
  'list-activeSelectionBackground': ['#04395e', '#e8e8e8', '', '#0f4a851a'],
  'list-activeSelectionForeground': ['#ffffff', '#000000', '', ''],
  'list-hoverBackground': ['#2a2d2e', '#f2f2f2', '#ffffff1a', '#0f4a851a'],
  'list-inactiveSelectionBackground': ['#37373d', '#e4e6f1', '', '#0f4a851a'],
  'menu-background': ['#1f1f1f', '#ffffff', '#000000', '#ffffff'],
  'menu-border': ['#454545', '#cecece', '#6fc3df', '#0f4a85'],
  'menu-foreground': ['#cccccc', '#3b3b3b', '#ffffff', '#292929'],
  'menu-selectionBackground': ['#0078d4', '#005fb8', '', '#0f4a851a'],
  'menu-selectionForeground': ['#ffffff', '#ffffff', '', ''],
  'menu-separatorBackground': ['#454545', '#3b3b3b33', '#6fc3df', '#0f4a85'],
  'panel-background': ['#181818', '#f8f8f8', '#000000', '#ffffff'],
  'panel-border': ['#2b2b2b', '#e5e5e5', '#6fc3df', '#0f4a85'],
  'panelTitle-activeBorder': ['#0078d4', '#005fb8', '#6fc3df', '#b5200d'],
  'panelTitle-activeForeground': ['#cccccc', '#3b3b3b', '#ffffff', '#292929'],
  'panelTitle-inactiveForeground': ['#9d9d9d', '#3b3b3b', '#ffffff', '#292929'],
  'problemsErrorIcon-foreground': ['#f14c4c', '#e51400', '#f48771', '#b5200d'],
  'problemsInfoIcon-foreground': ['#59a4f9', '#0063d3', '#59a4f9', '#0063d3'],
  'problemsWarningIcon-foreground': ['#cca700', '#bf8803', '#ffd370', '#895503'],
  'progressBar-background': ['#0078d4', '#005fb8', '#6fc3df', '#0f4a85'],
  'scrollbarSlider-activeBackground': ['#bfbfbf66', '#00000099', '#6fc3df', '#0f4a85'],
  'scrollbarSlider-background': ['#79797966', '#64646466', '#6fc3df99', '#0f4a8566'],
  'scrollbarSlider-hoverBackground': ['#646464b2', '#646464b2', '#6fc3dfcc', '#0f4a85cc'],
  'settings-dropdownListBorder': ['#cccccc33', '#3b3b3b33', '#6fc3df', '#0f4a85'],
  'sideBar-background': ['#181818', '#f8f8f8', '#000000', '#ffffff'],
  'testing-iconPassed': ['#73c991', '#73c991', '#73c991', '#007100'],
  'textLink-activeForeground': ['#4daafc', '#005fb8', '#21a6ff', '#0f4a85'],
  'textLink-foreground': ['#4daafc', '#005fb8', '#21a6ff', '#0f4a85'],
  'toolbar-hoverBackground': ['#5a5d5e4f', '#b8b8b84f', '', ''],
  'tree-indentGuidesStroke': ['#585858', '#a9a9a9', '#a9a9a9', '#a5a5a5'],
  'tree-tableColumnsBorder': ['#cccccc21', '#61616121', '', ''],
  'tree-tableOddRowsBackground': ['#cccccc0a', '#3b3b3b0a', '', ''],
  'widget-border': ['#313131', '#e5e5e5', '#6fc3df', '#0f4a85'],
  'widget-shadow': ['#0000005c', '#00000029', '', ''],
};

const variablesOf = (theme: 0 | 1 | 2 | 3): Theme['variables'] => ({
  ...fonts,
  ...Object.fromEntries(
    Object.entries(colours).flatMap(([name, { [theme]: colour }]) => (colour === '' ? [] : [[name, colour]])),
  ),
});

export const themes: Readonly<Record<'dark' | 'light' | 'hc-dark' | 'hc-light', Theme>> = {
  dark: { kind: 'vscode-dark', classes: 'vscode-dark', variables: variablesOf(0) },
  light: { kind: 'vscode-light', classes: 'vscode-light', variables: variablesOf(1) },
  'hc-dark': { kind: 'vscode-high-contrast', classes: 'vscode-high-contrast', variables: variablesOf(2) },
  'hc-light': {
    kind: 'vscode-high-contrast-light',
    classes: 'vscode-high-contrast vscode-high-contrast-light',
    variables: variablesOf(3),
  },
};
