import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { Knob } from '../../src/protocol/preview.ts';
import { sourceGlyph } from '../charts/source.ts';
import { sourceMark } from '../charts/sourceMark.ts';
import '../components/slider.ts';
import type { Slide } from '../components/slider.ts';
import { Watch } from '../observable.ts';
import { t } from '../strings.ts';
import { PreviewElement } from './previewElement.ts';
import { decimalsOf } from './shares.ts';
import { linesText } from './texts.ts';

/** The numbers of the stage as sliders. They write to the config; each write is reported and can be undone. */
@customElement('rs-knobs')
export class KnobList extends PreviewElement {
  static override sheets = [
    css`
    rs-knobs { display: block; }
    rs-knobs hr { border: 0; border-top: 1px solid var(--vscode-panel-border); margin: 4px 0; }
    rs-knobs .edits { min-height: 16px; margin-top: 4px; }
    rs-knobs .edits .link { font-size: 11px; }
    rs-knobs .sum .codicon { font-size: 12px; width: 12px; vertical-align: -2px; }
  `,
  ];

  constructor() {
    super();
    new Watch(this, () => this.model.sliders);
  }

  protected override render(): TemplateResult | typeof nothing {
    const knobs = this.model.sampler?.knobs ?? [];
    if (knobs.length === 0) return nothing;
    const mix = knobs.filter(({ kind }) => kind === 'share' || kind === 'count');
    const others = knobs.filter(({ kind }) => kind !== 'share' && kind !== 'count');
    const { lines } = this.model.sliders;
    return html`<h3 class="section-title">${t('Mix')}<span class="grow"></span>${this.sum(mix)}</h3>
      ${mix.map((knob) => this.slider(knob))}
      ${others.length === 0 || mix.length === 0 ? nothing : html`<hr>`}
      ${others.map((knob) => this.slider(knob))}
      <p class="caption edits" role="status">${lines === null ? t('Moving a slider edits the config.') : html`${linesText(lines)} <button class="link" @click=${() => this.model.undo()}>${t('Undo')}</button>`}</p>`;
  }

  private sum(mix: readonly Knob[]): TemplateResult | typeof nothing {
    const values = mix.map((knob) => this.model.sliders.currentValue(knob));
    const sum = values.reduce((a, b) => a + b, 0);
    if (mix.length === 0) return nothing;
    if (mix.every(({ kind }) => kind === 'count'))
      return html`<span class="caption number">${t('sum {0}', sum)}</span>`;
    const sumsToOne = Math.abs(sum - 1) < 1e-9;
    return html`<span class="caption number sum">${t('sum {0}', sum.toFixed(decimalsOf(sum, 2)))} <span class="codicon codicon-${sumsToOne ? 'check' : 'warning warning-icon'}" aria-hidden="true"></span><span class="said">${sumsToOne ? '' : t('shares must sum to 1')}</span></span>`;
  }

  private slider(knob: Knob): TemplateResult {
    const { sliders } = this.model;
    const value = sliders.currentValue(knob);
    const { min, max, step } = sliders.ends(knob);
    const source = knob.source ?? '';
    return html`<rs-slider name=${this.name(knob)} .glyph=${knob.kind === 'share' || knob.kind === 'count' ? html`${sourceGlyph(source)}` : null} family=${knob.source !== null && knob.kind !== 'exponent' ? sourceMark(source).family : 'plain'}
      .value=${value} .min=${min} .max=${max} .step=${step} .decimals=${decimalsOf(value, Number.isInteger(step) ? 0 : 2)}
      @slide=${({ detail }: CustomEvent<Slide>) => sliders.slide(knob, detail.value, detail.alone)} @settle=${() => sliders.settle()}></rs-slider>`;
  }

  private name({ kind, entry, unit }: Knob): string {
    switch (kind) {
      case 'share':
      case 'count':
        return entry ?? '';
      case 'perGroup':
        return this.model.sampler?.plan?.unit === 'request' ? t('Negatives per request') : t('Negatives per positive');
      case 'exponent':
        return t('Exponent of {0}', entry ?? '');
      case 'downsample':
        return t('Negatives kept');
      case 'length':
        return t('Length of {0}', entry ?? '');
      case 'delay':
        return t('Delay of {0} ({1})', entry ?? '', unit ?? '');
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-knobs': KnobList;
  }
}
