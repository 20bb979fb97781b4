import { css } from 'lit';

export const gridStyle = css`
  rs-grid {
    display: block;
    position: relative;
    flex: 1;
    min-width: 0;
    min-height: 0;
    font-size: 12px;
    line-height: 22px;
  }
  rs-grid .scroller { position: absolute; inset: 0; overflow: auto; overflow-anchor: none; }
  rs-grid .spacer { position: relative; min-height: 100%; min-width: 100%; }
  rs-grid .layer {
    position: sticky;
    top: 0;
    left: 0;
    overflow: hidden;
    contain: strict;
    background: var(--vscode-editor-background);
  }
  rs-grid .head {
    position: absolute;
    inset: 0 0 auto;
    border-bottom: 1px solid var(--vscode-panel-border);
    overflow: hidden;
  }
  rs-grid .body { position: absolute; inset: 0; overflow: hidden; }
  rs-grid .row { position: absolute; left: 0; top: 0; width: 100%; height: 22px; }
  rs-grid .row[hidden], rs-grid .row-number[hidden] { display: none; }
  rs-grid .row.group { background: var(--vscode-sideBar-background, var(--vscode-editor-background)); }
  rs-grid .group-head {
    height: 22px; display: flex; align-items: center; gap: 12px; padding: 0 16px 0 8px; cursor: pointer; user-select: none; white-space: pre;
    font-variant-numeric: tabular-nums; border-bottom: 1px solid var(--rs-line);
  }
  rs-grid .group-head.active { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
  rs-grid .scroller:not(.focused) .group-head.active { outline-style: dotted; }
  rs-grid .group-head > .codicon { flex: none; margin-right: -6px; }
  rs-grid .group-name { flex: 0 1 320px; min-width: 64px; font-weight: 600; }
  rs-grid .group-rows { flex: none; min-width: 112px; text-align: right; }
  rs-grid .group-rate { flex: none; width: 56px; text-align: right; }
  rs-grid .group-mix { flex: none; }
  /* Times and ids are never cut: the last one is left out where there is no space. */
  rs-grid .group-more { flex: none; color: var(--rs-muted); }
  @media (max-width: 899px) { rs-grid .group-more ~ .group-more { display: none; } }
  rs-grid .row.on .group-more, rs-grid .row.on .group-head { color: inherit; }
  rs-grid .focused .row.on .group-head { color: var(--vscode-list-activeSelectionForeground); }
  rs-grid .group-waiting { width: min(60%, 240px); height: 8px; border-radius: 2px; background: var(--vscode-list-inactiveSelectionBackground, var(--rs-line)); }
  @media (max-width: 599px) { rs-grid .group-more, rs-grid .group-mix { display: none; } }
  rs-grid .cell {
    position: absolute; top: 0; height: 22px; padding: 0 8px; overflow: hidden; text-overflow: ellipsis; white-space: pre; cursor: default; user-select: none;
    border-right: 1px solid var(--rs-line); transform: translateX(var(--shift)); font-variant-numeric: tabular-nums;
  }
  rs-grid .cell.mono { font-family: var(--vscode-editor-font-family); }
  rs-grid .cell .note { color: var(--rs-muted); white-space: pre; }
  rs-grid .focused .cell.selected .note, rs-grid .focused .row.on .note { color: inherit; }
  rs-grid .cell.numeric, rs-grid .cell.row-number { text-align: right; }
  rs-grid .cell.pinned, rs-grid .cell.row-number {
    transform: none;
    z-index: 1;
    background: var(--vscode-editor-background);
  }
  rs-grid .cell.row-number { left: 0; width: var(--row-number); color: var(--rs-muted); }
  rs-grid .cell.last-pinned { border-right-color: var(--vscode-panel-border); }
  rs-grid .cell.null, rs-grid .cell.empty, rs-grid .cell.implied {
    font-family: var(--vscode-font-family);
    color: var(--rs-muted);
  }
  rs-grid .cell.null { font-style: italic; }
  rs-grid .cell.strong { font-weight: 600; }
  rs-grid .cell .glyph { display: inline-block; width: 12px; height: 12px; margin-right: 6px; vertical-align: -2px; }
  rs-grid .cell .codicon { font-size: 14px; margin-right: 4px; vertical-align: -2px; }
  rs-grid .cell.unreadable {
    font-family: var(--vscode-font-family);
    font-style: italic;
    text-align: left;
    color: var(--rs-muted);
    border-right-color: transparent;
  }
  rs-grid .cell.unreadable.says { overflow: visible; }
  rs-grid .cell.pinned.unreadable.says { z-index: 2; }
  rs-grid .cell.waiting::before {
    content: ''; position: absolute; left: 8px; top: 7px; height: 8px; width: min(60%, 72px); border-radius: 2px; background: var(--vscode-list-inactiveSelectionBackground, var(--rs-line));
  }
  rs-grid .cell.waiting.numeric::before { left: auto; right: 8px; }

  rs-grid .row.positive { background: var(--vscode-tree-tableOddRowsBackground); }
  rs-grid .row.positive::before {
    content: '';
    position: absolute;
    inset: 0 0 auto;
    height: 1px;
    background: var(--rs-line);
    z-index: 2;
  }
  rs-grid .row.positive .cell.pinned, rs-grid .row.positive .cell.row-number {
    background-image: linear-gradient(var(--vscode-tree-tableOddRowsBackground), var(--vscode-tree-tableOddRowsBackground));
  }
  rs-grid .row:hover:not(.on) { background: var(--vscode-list-hoverBackground); }
  rs-grid .row:hover:not(.on) .cell.pinned, rs-grid .row:hover:not(.on) .cell.row-number {
    background-image: linear-gradient(var(--vscode-list-hoverBackground), var(--vscode-list-hoverBackground));
  }
  rs-grid .row.on, rs-grid .cell.selected {
    background: var(--vscode-list-inactiveSelectionBackground, var(--vscode-editor-background));
  }
  /* Cells move below pinned ones, and a theme may select with a colour that lets them through. */
  rs-grid .row.on .cell.pinned, rs-grid .row.on .cell.row-number, rs-grid .cell.pinned.selected {
    background: linear-gradient(var(--vscode-list-inactiveSelectionBackground, transparent), var(--vscode-list-inactiveSelectionBackground, transparent)) var(--vscode-editor-background);
  }
  rs-grid .row.on .cell, rs-grid .cell.selected { color: var(--vscode-list-inactiveSelectionForeground, inherit); }
  rs-grid .row.on .cell.row-number, rs-grid .cell.row-number.selected { color: inherit; }
  rs-grid .focused .row.on, rs-grid .focused .cell.selected:not(.row-number) {
    background: var(--vscode-list-activeSelectionBackground, var(--vscode-editor-background));
  }
  rs-grid .focused .row.on .cell.pinned, rs-grid .focused .row.on .cell.row-number, rs-grid .focused .cell.pinned.selected:not(.row-number) {
    background: linear-gradient(var(--vscode-list-activeSelectionBackground, transparent), var(--vscode-list-activeSelectionBackground, transparent)) var(--vscode-editor-background);
  }
  rs-grid .focused .row.on .cell, rs-grid .focused .cell.selected:not(.row-number) {
    color: var(--vscode-list-activeSelectionForeground);
  }
  rs-grid .cell.row-number.selected { color: inherit; background: var(--vscode-editor-background); }
  rs-grid .cell.active { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
  rs-grid .scroller:not(.focused) .cell.active { outline-style: dotted; }
  body.vscode-high-contrast rs-grid .row.on, body.vscode-high-contrast rs-grid .cell.selected:not(.row-number) {
    outline: 1px dashed var(--vscode-contrastActiveBorder, var(--vscode-focusBorder));
    outline-offset: -1px;
  }
  body.vscode-high-contrast rs-grid .cell.active { outline: 2px solid var(--vscode-focusBorder); outline-offset: -2px; }

  rs-grid .head-cell {
    position: absolute; top: 0; bottom: 0; padding: 6px 8px 4px; overflow: hidden; display: flex; flex-direction: column; cursor: pointer; user-select: none;
    border-right: 1px solid var(--rs-line); transform: translateX(var(--shift)); line-height: 16px;
  }
  rs-grid .head-cell:hover { background: var(--vscode-list-hoverBackground); }
  rs-grid .head-cell.pinned, rs-grid .head-cell.row-number {
    transform: none;
    z-index: 1;
    background: var(--vscode-editor-background);
  }
  rs-grid .head-cell.pinned:hover {
    background-image: linear-gradient(var(--vscode-list-hoverBackground), var(--vscode-list-hoverBackground));
  }
  rs-grid .head-cell.row-number { left: 0; width: var(--row-number); align-items: flex-end; cursor: default; }
  rs-grid .head-name { display: flex; align-items: center; gap: 4px; height: 16px; font-weight: 600; }
  rs-grid .head-name.muted { font-weight: 400; }
  rs-grid .head-name .codicon { font-size: 14px; width: 14px; height: 14px; line-height: 14px; }
  rs-grid .head-name .codicon-pinned { font-size: 12px; margin-left: auto; color: var(--rs-muted); }
  rs-grid .head-type { font-size: 11px; line-height: 14px; height: 14px; color: var(--rs-muted); }
  rs-grid .head-chart { margin-top: 2px; height: 24px; position: relative; }
  rs-grid .head-chart.brushable svg { cursor: crosshair; }
  rs-grid .head-chart.brushable:hover svg { background: var(--vscode-list-hoverBackground); }
  rs-grid .head-chart .brush {
    position: absolute; top: 0; bottom: 0; pointer-events: none; background: var(--vscode-editor-selectionBackground); opacity: 0.6;
    border: solid var(--vscode-focusBorder); border-width: 0 1px;
  }
  rs-grid .resize {
    position: absolute;
    top: 0;
    bottom: 0;
    right: -1px;
    width: 7px;
    cursor: col-resize;
    touch-action: none;
  }
  rs-grid .resize:hover, rs-grid .resize.dragging { border-right: 2px solid var(--vscode-focusBorder); }
`;
