import { css, html, nothing, type TemplateResult } from 'lit';
import { formatCount } from '../../src/core/table/format.ts';
import { adopt } from '../element.ts';
import { t } from '../strings.ts';
import { NumberText } from './exactJson.ts';

adopt(css`
  .json { font: 11px/18px var(--vscode-editor-font-family); overflow-wrap: anywhere; }
  .json details > div {
    padding-left: 12px;
    margin-left: 4px;
    border-left: 1px solid var(--vscode-tree-indentGuidesStroke, var(--vscode-panel-border));
  }
  .json summary { cursor: pointer; list-style-position: outside; margin-left: 12px; }
  .json .leaf { padding-left: 12px; }
  .json .key { color: var(--rs-muted); }
`);

const mostShown = 200;
const openDepth = 2;

/** A nested value as a tree; strings, numbers and nulls look different, as in JSON. */
export function jsonTree(value: unknown): TemplateResult {
  return html`<div class="json">${node(null, value, 0)}</div>`;
}

function node(key: string | null, value: unknown, depth: number): TemplateResult {
  const label = key === null ? nothing : html`<span class="key">${key}:</span> `;
  if (value instanceof NumberText) return html`<div class="leaf">${label}${value.source}</div>`;
  if (typeof value !== 'object' || value === null)
    return html`<div class="leaf">${label}${JSON.stringify(value)}</div>`;
  const entries = Object.entries(value);
  const size = Array.isArray(value) ? `[${formatCount(entries.length)}]` : `{${formatCount(entries.length)}}`;
  if (entries.length === 0) return html`<div class="leaf">${label}${Array.isArray(value) ? '[]' : '{}'}</div>`;
  return html`<details ?open=${depth < openDepth && entries.length <= 20}><summary>${label}${size}</summary><div>
    ${entries.slice(0, mostShown).map(([k, v]) => node(k, v, depth + 1))}
    ${entries.length > mostShown ? html`<div class="leaf key">${t('{0} more', formatCount(entries.length - mostShown))}</div>` : nothing}</div></details>`;
}
