import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { formatDuration } from '../../src/core/table/format.ts';
import { Watch } from '../observable.ts';
import { t } from '../strings.ts';
import { PreviewElement } from './previewElement.ts';

/** Available keys, the last action, and the time of the last answer. */
@customElement('rs-preview-footer')
export class PreviewFooter extends PreviewElement {
  static override sheets = [
    css`
    rs-preview-footer {
      flex: none;
      display: flex;
      align-items: center;
      gap: 16px;
      height: 26px;
      padding: 0 12px;
      border-top: 1px solid var(--vscode-panel-border);
      font-size: 11px;
      color: var(--rs-muted);
      white-space: nowrap;
      overflow: hidden;
    }
    /* The hints give way to what was just said. */
    rs-preview-footer .hints {
      display: flex;
      flex-wrap: wrap;
      gap: 16px;
      min-width: 0;
      height: 18px;
      overflow: hidden;
    }
    rs-preview-footer [role='status'] { flex: none; max-width: 75%; }
    rs-preview-footer .right { flex: none; margin-left: auto; font-variant-numeric: tabular-nums; }
  `,
  ];

  constructor() {
    super();
    new Watch(this, () => this.model.story);
  }

  protected override render(): TemplateResult {
    const { state, said, busy, preview, took, story } = this.model;
    const users = state?.users.length ?? 0;
    return html`<span class="hints">${keysOf(state?.mode ?? 'preview', story.isMissing).map(([keys, text]) => html`<span>${keys.map((key) => html`<kbd>${key}</kbd> `)}${text}</span>`)}</span>
      <span role="status" class="cut" title=${said === '' ? nothing : said}>${said}</span>
      <span class="right">${busy ? t('drawing') : preview === null ? nothing : `${users === 1 ? t('1 user') : t('{0} users', users)}, ${formatDuration(took)}`}</span>`;
  }
}

/** @param isMissing whether there is no story: then its keys would do nothing */
const keysOf = (mode: string, isMissing: boolean): [string[], string][] => {
  if (mode === 'compare') return compareKeys();
  if (mode === 'story') return isMissing ? [closeKey()] : [...storyKeys(), closeKey()];
  return previewKeys();
};
const closeKey = (): [string[], string] => [['Esc'], t('close')];
const storyKeys = (): [string[], string][] => [
  [['←', '→'], t('next mark')],
  [['↑', '↓'], t('lane')],
  [['Alt', '←', '→'], t('positive')],
  [['+', '−'], t('zoom')],
  [['0'], t('all')],
  [['Enter'], t('explain')],
  [['T'], t('table')],
];
const previewKeys = (): [string[], string][] => [
  [['↑', '↓'], t('next draw')],
  [['Enter'], t('explain')],
  [['R'], t('new seed')],
  [['C'], t('compare')],
  [['H'], t('story')],
  [['Alt', '↑', '↓'], t('user')],
  [['F6'], t('next part')],
];
const compareKeys = (): [string[], string][] => [
  [['F7'], t('next change')],
  [['Shift', 'F7'], t('previous')],
  [['X'], t('swap A and B')],
  [['Esc'], t('exit comparison')],
];

declare global {
  interface HTMLElementTagNameMap {
    'rs-preview-footer': PreviewFooter;
  }
}
