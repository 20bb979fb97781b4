import { css, html, type TemplateResult } from 'lit';
import type { BadRow } from '../../src/core/table/dataset.ts';
import { formatCount } from '../../src/core/table/format.ts';
import { adopt } from '../element.ts';
import { say } from '../strings.ts';

adopt(css`
  .bad-rows { width: 100%; border-collapse: collapse; font-size: 12px; line-height: 22px; table-layout: fixed; }
  .bad-rows td { padding: 0 8px; height: 22px; }
  .bad-rows td:first-child { width: 104px; padding-left: 16px; text-align: right; font-variant-numeric: tabular-nums; }
  .bad-rows td:nth-child(2) { width: 40%; }
`);

/** Malformed rows: a link to the line in the file, the reason, and the text. */
export function badRowList(rows: readonly BadRow[], go: (row: BadRow) => void): TemplateResult {
  return html`<table class="bad-rows"><tbody>${rows.map(
    (row) => html`<tr>
    <td><button class="link" title=${row.path} @click=${() => go(row)}>${formatCount(row.line)}</button></td>
    <td class="cut" title=${say(row.reason)}>${say(row.reason)}</td><td class="mono cut muted" title=${row.text}>${row.text}</td></tr>`,
  )}</tbody></table>`;
}
