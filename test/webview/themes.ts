/** A theme as a webview sees it: the variables that the workbench sets, and the classes of the body. */
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

/** Values of Dark Modern, Light Modern and the two high contrast themes, as far as our styles and the toolkit read them. */
export const themes: Readonly<Record<'dark' | 'light' | 'hc-dark' | 'hc-light', Theme>> = {
  dark: {
    kind: 'vscode-dark', classes: 'vscode-dark',
    variables: {
      ...fonts,
      foreground: '#cccccc', errorForeground: '#f85149', 'icon-foreground': '#cccccc', focusBorder: '#0078d4',
      'textLink-foreground': '#4daafc', 'widget-border': '#313131', 'widget-shadow': '#0000005c', 'badge-background': '#616161',
      'badge-foreground': '#f8f8f8', 'sideBar-background': '#181818', 'list-activeSelectionBackground': '#04395e', 'list-activeSelectionForeground': '#ffffff',
      'list-inactiveSelectionBackground': '#37373d', 'list-hoverBackground': '#2a2d2e', 'tree-indentGuidesStroke': '#585858', 'tree-tableColumnsBorder': '#cccccc20',
      'tree-tableOddRowsBackground': '#cccccc0a', 'editor-background': '#1f1f1f', 'editorError-foreground': '#f14c4c', 'editorWidget-background': '#202020',
      'problemsErrorIcon-foreground': '#f14c4c', 'problemsWarningIcon-foreground': '#cca700', 'problemsInfoIcon-foreground': '#3794ff', 'panel-background': '#181818',
      'panel-border': '#2b2b2b', 'panelTitle-activeBorder': '#0078d4', 'panelTitle-activeForeground': '#cccccc', 'panelTitle-inactiveForeground': '#9d9d9d',
      'button-background': '#0078d4', 'button-foreground': '#ffffff', 'button-border': '#ffffff1a', 'button-secondaryBackground': '#313131',
      'button-secondaryForeground': '#cccccc', 'toolbar-hoverBackground': '#5a5d5e50', 'input-background': '#313131', 'input-foreground': '#cccccc',
      'input-border': '#3c3c3c', 'input-placeholderForeground': '#989898', 'inputOption-activeBackground': '#2489db82', 'inputOption-activeBorder': '#2488db',
      'inputOption-activeForeground': '#ffffff', 'dropdown-background': '#313131', 'dropdown-border': '#3c3c3c', 'dropdown-foreground': '#cccccc',
      'checkbox-background': '#313131', 'checkbox-border': '#3c3c3c', 'inputValidation-errorBackground': '#5a1d1d', 'inputValidation-errorBorder': '#be1100',
      'progressBar-background': '#0078d4', 'scrollbarSlider-background': '#79797966', 'keybindingLabel-background': '#8080802b', 'keybindingLabel-foreground': '#cccccc',
      'keybindingLabel-border': '#33333399', 'keybindingLabel-bottomBorder': '#44444499', 'charts-lines': '#cccccc80', 'charts-foreground': '#cccccc',
      'diffEditor-insertedLineBackground': '#9bb95533', 'diffEditor-removedLineBackground': '#ff000033',
    },
  },
  light: {
    kind: 'vscode-light', classes: 'vscode-light',
    variables: {
      ...fonts,
      foreground: '#3b3b3b', errorForeground: '#f85149', 'icon-foreground': '#3b3b3b', focusBorder: '#005fb8',
      'textLink-foreground': '#005fb8', 'widget-border': '#e5e5e5', 'widget-shadow': '#00000029', 'badge-background': '#cccccc',
      'badge-foreground': '#3b3b3b', 'sideBar-background': '#f8f8f8', 'list-activeSelectionBackground': '#e8e8e8', 'list-activeSelectionForeground': '#000000',
      'list-inactiveSelectionBackground': '#e4e6f1', 'list-hoverBackground': '#f2f2f2', 'tree-indentGuidesStroke': '#a9a9a9', 'tree-tableColumnsBorder': '#61616120',
      'tree-tableOddRowsBackground': '#6161610a', 'editor-background': '#ffffff', 'editorError-foreground': '#e51400', 'editorWidget-background': '#f8f8f8',
      'problemsErrorIcon-foreground': '#e51400', 'problemsWarningIcon-foreground': '#bf8803', 'problemsInfoIcon-foreground': '#1a85ff', 'panel-background': '#f8f8f8',
      'panel-border': '#e5e5e5', 'panelTitle-activeBorder': '#005fb8', 'panelTitle-activeForeground': '#3b3b3b', 'panelTitle-inactiveForeground': '#3b3b3b',
      'button-background': '#005fb8', 'button-foreground': '#ffffff', 'button-border': '#0000001a', 'button-secondaryBackground': '#e5e5e5',
      'button-secondaryForeground': '#3b3b3b', 'toolbar-hoverBackground': '#b8b8b850', 'input-background': '#ffffff', 'input-foreground': '#3b3b3b',
      'input-border': '#cecece', 'input-placeholderForeground': '#767676', 'inputOption-activeBackground': '#bed6ed', 'inputOption-activeBorder': '#005fb8',
      'inputOption-activeForeground': '#000000', 'dropdown-background': '#ffffff', 'dropdown-border': '#cecece', 'dropdown-foreground': '#3b3b3b',
      'checkbox-background': '#f8f8f8', 'checkbox-border': '#cecece', 'inputValidation-errorBackground': '#f2dede', 'inputValidation-errorBorder': '#be1100',
      'progressBar-background': '#005fb8', 'scrollbarSlider-background': '#64646466', 'keybindingLabel-background': '#dddddd66', 'keybindingLabel-foreground': '#3b3b3b',
      'keybindingLabel-border': '#cccccc66', 'keybindingLabel-bottomBorder': '#bbbbbb66', 'charts-lines': '#3b3b3b80', 'charts-foreground': '#3b3b3b',
      'diffEditor-insertedLineBackground': '#9bb95533', 'diffEditor-removedLineBackground': '#ff000033',
    },
  },
  'hc-dark': {
    kind: 'vscode-high-contrast', classes: 'vscode-high-contrast',
    variables: {
      ...fonts,
      foreground: '#ffffff', errorForeground: '#f85149', 'icon-foreground': '#ffffff', focusBorder: '#f38518',
      contrastBorder: '#6fc3df', 'textLink-foreground': '#21a6ff', 'widget-border': '#6fc3df', 'widget-shadow': '#0000005c',
      'badge-background': '#000000', 'badge-foreground': '#ffffff', 'sideBar-background': '#000000', 'list-activeSelectionForeground': '#ffffff',
      'list-hoverBackground': '#ffffff1a', 'tree-indentGuidesStroke': '#585858',
      'editor-background': '#000000', 'editorError-foreground': '#f14c4c', 'editorWidget-background': '#000000', 'problemsErrorIcon-foreground': '#f48771',
      'problemsWarningIcon-foreground': '#ffd370', 'problemsInfoIcon-foreground': '#3794ff', 'panel-background': '#000000', 'panel-border': '#6fc3df',
      'panelTitle-activeBorder': '#f38518', 'panelTitle-activeForeground': '#ffffff', 'panelTitle-inactiveForeground': '#ffffff', 'button-background': '#000000',
      'button-foreground': '#ffffff', 'button-border': '#6fc3df', 'button-secondaryBackground': '#000000', 'button-secondaryForeground': '#ffffff',
      'toolbar-hoverBackground': '#5a5d5e50', 'input-background': '#000000', 'input-foreground': '#ffffff', 'input-border': '#6fc3df',
      'input-placeholderForeground': '#989898', 'inputOption-activeBackground': '#000000', 'inputOption-activeBorder': '#f38518', 'inputOption-activeForeground': '#ffffff',
      'dropdown-background': '#000000', 'dropdown-border': '#6fc3df', 'dropdown-foreground': '#ffffff', 'checkbox-background': '#000000',
      'checkbox-border': '#6fc3df', 'inputValidation-errorBackground': '#5a1d1d', 'inputValidation-errorBorder': '#be1100', 'progressBar-background': '#6fc3df',
      'scrollbarSlider-background': '#79797966', 'keybindingLabel-background': '#000000', 'keybindingLabel-foreground': '#ffffff', 'keybindingLabel-border': '#6fc3df',
      'keybindingLabel-bottomBorder': '#6fc3df', 'charts-lines': '#ffffff', 'charts-foreground': '#ffffff', contrastActiveBorder: '#f38518',
    },
  },
  'hc-light': {
    kind: 'vscode-high-contrast-light', classes: 'vscode-high-contrast vscode-high-contrast-light',
    variables: {
      ...fonts,
      foreground: '#292929', errorForeground: '#f85149', 'icon-foreground': '#292929', focusBorder: '#006bbd',
      contrastBorder: '#0f4a85', 'textLink-foreground': '#0f4a85', 'widget-border': '#0f4a85', 'widget-shadow': '#00000029',
      'badge-background': '#cccccc', 'badge-foreground': '#3b3b3b', 'sideBar-background': '#ffffff', 'list-activeSelectionBackground': '#0f4a851a',
      'list-activeSelectionForeground': '#292929', 'list-inactiveSelectionBackground': '#0f4a851a', 'list-hoverBackground': '#0f4a851a', 'tree-indentGuidesStroke': '#a9a9a9',
      'editor-background': '#ffffff', 'editorError-foreground': '#e51400',
      'editorWidget-background': '#ffffff', 'problemsErrorIcon-foreground': '#e51400', 'problemsWarningIcon-foreground': '#bf8803', 'problemsInfoIcon-foreground': '#1a85ff',
      'panel-background': '#f8f8f8', 'panel-border': '#0f4a85', 'panelTitle-activeBorder': '#b5200d', 'panelTitle-activeForeground': '#3b3b3b',
      'panelTitle-inactiveForeground': '#3b3b3b', 'button-background': '#0f4a85', 'button-foreground': '#ffffff', 'button-border': '#0f4a85',
      'button-secondaryBackground': '#ffffff', 'button-secondaryForeground': '#292929', 'toolbar-hoverBackground': '#b8b8b850', 'input-background': '#ffffff',
      'input-foreground': '#292929', 'input-border': '#0f4a85', 'input-placeholderForeground': '#767676', 'inputOption-activeBackground': '#ffffff',
      'inputOption-activeBorder': '#b5200d', 'inputOption-activeForeground': '#292929', 'dropdown-background': '#ffffff', 'dropdown-border': '#0f4a85',
      'dropdown-foreground': '#292929', 'checkbox-background': '#ffffff', 'checkbox-border': '#0f4a85', 'inputValidation-errorBackground': '#f2dede',
      'inputValidation-errorBorder': '#be1100', 'progressBar-background': '#0f4a85', 'scrollbarSlider-background': '#64646466', 'keybindingLabel-background': '#ffffff',
      'keybindingLabel-foreground': '#292929', 'keybindingLabel-border': '#0f4a85', 'keybindingLabel-bottomBorder': '#0f4a85', 'charts-lines': '#29292980',
      'charts-foreground': '#292929', contrastActiveBorder: '#006bbd',
    },
  },
};
