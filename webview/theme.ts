import { css } from 'lit';

/** Base styles of all elements: background, fonts, muted text, the palette of the sources, shared rules. */
export const theme = css`
  *, *::before, *::after { box-sizing: border-box; }
  html, body { margin: 0; height: 100%; }
  body {
    padding: 0; overflow: hidden;
    font: 13px/18px var(--vscode-font-family); color: var(--vscode-foreground); background: var(--vscode-editor-background);
    --rs-muted: color-mix(in srgb, var(--vscode-foreground) 76%, var(--vscode-editor-background));
    --rs-exposure: #73b4de; --rs-popularity: #e8a33d; --rs-random: #2ac9a5; --rs-batch: #a2a5ff; --rs-hard: #bf69a5; --rs-cascade: #e5db72; --rs-rejected: #f0866f;
  }
  /* High contrast themes have no lines between columns of tables; theirs are drawn with less presence than frames. */
  body {
    --rs-line: var(--vscode-tree-tableColumnsBorder, color-mix(in srgb, var(--vscode-contrastBorder, var(--vscode-panel-border)) 40%, transparent));
  }
  body.vscode-light, body.vscode-high-contrast-light {
    --rs-exposure: #0078bc; --rs-popularity: #c76b00; --rs-random: #005f40; --rs-batch: #5b4bc4; --rs-hard: #a8397d; --rs-cascade: #545500; --rs-rejected: #c4432a;
  }
  body.vscode-high-contrast { --rs-muted: var(--vscode-foreground); }
  body.vscode-high-contrast:not(.vscode-high-contrast-light) {
    --rs-exposure: #90d5ff; --rs-popularity: #ffc44a; --rs-random: #56edc5; --rs-batch: #a2acff; --rs-hard: #d88ebe; --rs-cascade: #f1e77d; --rs-rejected: #ff9f8a;
  }
  main { height: 100%; }
  h1, h2, h3, p, dl, dd, ul { margin: 0; padding: 0; font-weight: inherit; font-size: inherit; }
  h1, h2, h3, strong { font-weight: 600; }
  ul { list-style: none; }
  svg { display: block; }
  svg text { font: 11px var(--vscode-font-family); fill: var(--rs-muted); font-variant-numeric: tabular-nums; }
  button {
    font: inherit; color: inherit; background: none; border: 0; padding: 0; margin: 0; cursor: pointer; text-align: inherit;
  }
  :focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
  .codicon[class*='codicon-'] { flex: none; }
  .muted { color: var(--rs-muted); }
  .caption { font-size: 11px; line-height: 16px; color: var(--rs-muted); }
  .mono { font-family: var(--vscode-editor-font-family); font-size: 12px; }
  .number { font-variant-numeric: tabular-nums; text-align: right; white-space: nowrap; }
  .cut { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .middle-cut { display: flex; min-width: 0; overflow: hidden; white-space: pre; }
  .middle-cut > .cut { flex: 0 1 auto; min-width: 20px; white-space: pre; }
  .middle-cut > :last-child { flex: 0 0 auto; }
  .grow { flex: 1; min-width: 0; }
  .link { color: var(--vscode-textLink-foreground); white-space: nowrap; border-radius: 2px; }
  .link:hover { text-decoration: underline; }
  .tool {
    width: 22px;
    height: 22px;
    display: inline-flex;
    align-items: center;
    justify-content: center;
    border-radius: 4px;
    flex: none;
    color: var(--vscode-icon-foreground);
  }
  .tool:hover { background: var(--vscode-toolbar-hoverBackground); }
  .tool:disabled { opacity: 0.4; cursor: default; background: none; }
  .tool[aria-pressed='true'], .tool[aria-expanded='true'] {
    background: var(--vscode-inputOption-activeBackground); color: var(--vscode-inputOption-activeForeground);
    outline: 1px solid var(--vscode-inputOption-activeBorder); outline-offset: -1px;
  }
  .tool:focus-visible { outline: 1px solid var(--vscode-focusBorder); }
  .tool[aria-pressed='true']:focus-visible { outline-width: 2px; outline-offset: 1px; }
  body.vscode-high-contrast .tool[aria-pressed='true'], body.vscode-high-contrast .tool[aria-expanded='true'] { outline-color: var(--vscode-focusBorder); }
  kbd {
    font: 11px/14px var(--vscode-font-family); padding: 0 4px; display: inline-block; border: 1px solid var(--vscode-keybindingLabel-border);
    border-bottom-color: var(--vscode-keybindingLabel-bottomBorder); background: var(--vscode-keybindingLabel-background);
    color: var(--vscode-keybindingLabel-foreground); border-radius: 3px;
  }
  .bars { fill: var(--vscode-charts-lines); }
  .bars.strong { fill: var(--vscode-charts-foreground); }
  .axis { stroke: var(--vscode-charts-lines); stroke-opacity: 0.6; shape-rendering: crispEdges; }
  .gridline { stroke: var(--vscode-charts-lines); stroke-opacity: 0.22; shape-rendering: crispEdges; }
  .fill-exposure { --rs-ink: var(--rs-exposure); fill: var(--rs-ink); } .line-exposure { stroke: var(--rs-exposure); }
  .fill-popularity { --rs-ink: var(--rs-popularity); fill: var(--rs-ink); } .line-popularity { stroke: var(--rs-popularity); }
  .fill-random { --rs-ink: var(--rs-random); fill: var(--rs-ink); } .line-random { stroke: var(--rs-random); }
  .fill-batch { --rs-ink: var(--rs-batch); fill: var(--rs-ink); } .line-batch { stroke: var(--rs-batch); }
  .fill-hard { --rs-ink: var(--rs-hard); fill: var(--rs-ink); } .line-hard { stroke: var(--rs-hard); }
  .fill-cascade { --rs-ink: var(--rs-cascade); fill: var(--rs-ink); } .line-cascade { stroke: var(--rs-cascade); }
  .fill-rejected { --rs-ink: var(--rs-rejected); fill: var(--rs-ink); } .line-rejected { stroke: var(--rs-rejected); }
  .outlined { fill-opacity: 0.25; stroke: var(--rs-ink); stroke-width: 1.5px; vector-effect: non-scaling-stroke; }
  .fill-other { fill: var(--vscode-charts-lines); } .line-other { stroke: var(--vscode-charts-lines); }
  .error-icon { color: var(--vscode-problemsErrorIcon-foreground); }
  .warning-icon { color: var(--vscode-problemsWarningIcon-foreground); }
  .info-icon { color: var(--vscode-problemsInfoIcon-foreground); }
  .said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  @media (prefers-reduced-motion: reduce) { *, *::before, *::after { animation: none; transition: none; } }
`;
