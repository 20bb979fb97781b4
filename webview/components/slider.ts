import { css, html, svg, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { LightElement } from '../element.ts';
import { t } from '../strings.ts';

export interface Slide {
  readonly value: number;
  /** The Alt key was down: move only this value, not the related ones. */
  readonly alone: boolean;
}

/**
 * A number with a minimum and a maximum: a track with a thumb, and a text field. Fires `slide` (detail `Slide`) on
 * every move, and `settle` when the gesture ends: on pointer release, on a typed number, or when the focus leaves the
 * track after a series of keys.
 */
@customElement('rs-slider')
export class Slider extends LightElement {
  static override sheets = [
    css`
    rs-slider { display: block; font-size: 12px; line-height: 16px; }
    rs-slider .top { display: flex; align-items: center; gap: 6px; height: 22px; }
    rs-slider input {
      width: 52px; height: 18px; padding: 0 4px; text-align: right; font: 12px var(--vscode-font-family); font-variant-numeric: tabular-nums; color: var(--vscode-input-foreground);
      background: var(--vscode-input-background); border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, transparent)); border-radius: 2px;
    }
    rs-slider input[aria-invalid='true'] { border-color: var(--vscode-inputValidation-errorBorder); }
    rs-slider [role='slider'] { height: 16px; margin: 0 6px; cursor: pointer; touch-action: none; border-radius: 2px; }
    rs-slider [role='slider']:focus-visible { outline-offset: 1px; }
    rs-slider [role='slider'] svg { width: 100%; height: 16px; overflow: visible; }
    rs-slider .rail { stroke: var(--vscode-charts-lines); stroke-width: 2; }
    rs-slider .thumb { fill: var(--vscode-foreground); stroke: var(--vscode-editor-background); stroke-width: 1; }
    rs-slider .fill { stroke-width: 2; }
    rs-slider .line-plain { stroke: var(--vscode-charts-foreground); }
  `,
  ];
  @property() name = '';
  /** Shown before the name. */
  @property({ attribute: false }) glyph: TemplateResult | null = null;
  /** The colour family of the source; `plain` if the value belongs to no source. */
  @property() family = 'plain';
  @property({ attribute: false }) value = 0;
  @property({ attribute: false }) min = 0;
  @property({ attribute: false }) max = 1;
  @property({ attribute: false }) step = 0.01;
  /** Decimals shown. */
  @property({ attribute: false }) decimals = 2;
  @state() private typed: string | null = null;
  @query('[role="slider"]') private track!: HTMLElement;
  private moving = false;

  protected override render(): TemplateResult {
    const { name, value, min, max } = this;
    const share = max > min ? Math.min(1, Math.max(0, (value - min) / (max - min))) : 0;
    const percent = `${share * 100}%`;
    return html`<div class="top">${this.glyph}<span class="grow cut" title=${name}>${name}</span>
        <input inputmode="decimal" autocomplete="off" aria-label=${t('Value of {0}', name)} aria-invalid=${this.typed !== null && this.parse(this.typed) === null ? 'true' : 'false'} .value=${this.typed ?? this.text}
          @input=${(event: Event) => {
            this.typed = fieldText(event);
          }} @change=${() => this.type()} @keydown=${(event: KeyboardEvent) => this.fieldKey(event)} @blur=${() => {
            this.typed = null;
          }}></div>
      <div role="slider" tabindex="0" aria-label=${name} aria-valuemin=${min} aria-valuemax=${max} aria-valuenow=${value} aria-valuetext=${this.text}
        @keydown=${(event: KeyboardEvent) => this.key(event)} @blur=${() => this.end()}
        @pointerdown=${(event: PointerEvent) => this.grab(event)} @pointermove=${(event: PointerEvent) => this.drag(event)} @pointerup=${() => this.end()} @pointercancel=${() => this.end()}>
        <svg aria-hidden="true">${svg`<line class="rail" x1="0" x2="100%" y1="8" y2="8"></line><line class="fill line-${this.family}" x1="0" x2=${percent} y1="8" y2="8"></line><circle class="thumb" cx=${percent} cy="8" r="6"></circle>`}</svg></div>`;
  }

  private get text(): string {
    return this.value.toFixed(this.decimals);
  }

  private grab(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.track.setPointerCapture(event.pointerId);
    this.track.focus();
    event.preventDefault();
    // Keys pressed before are a separate gesture.
    this.end();
    this.moving = true;
    this.slideTo(this.valueAt(event), event.altKey);
  }

  private drag(event: PointerEvent): void {
    if (this.track.hasPointerCapture(event.pointerId)) this.slideTo(this.valueAt(event), event.altKey);
  }

  private valueAt({ clientX }: PointerEvent): number {
    const { left, width } = this.track.getBoundingClientRect();
    return this.min + ((this.max - this.min) * (clientX - left)) / Math.max(1, width);
  }

  private key(event: KeyboardEvent): void {
    if (event.key === 'Enter') this.end();
    const { step, value } = this;
    const size = event.shiftKey ? step * 10 : step;
    const target: Record<string, number> = {
      ArrowRight: value + size,
      ArrowUp: value + size,
      ArrowLeft: value - size,
      ArrowDown: value - size,
      PageUp: value + step * 10,
      PageDown: value - step * 10,
      Home: this.min,
      End: this.max,
    };
    const next = target[event.key];
    if (next === undefined || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.moving = true;
    this.slideTo(next, event.altKey);
  }

  private fieldKey(event: KeyboardEvent): void {
    if (event.key === 'Escape' && this.typed !== null) this.typed = null;
    else if (event.key !== 'Enter') return;
    else this.type();
    event.preventDefault();
    event.stopPropagation();
  }

  private type(): void {
    const value = this.typed === null ? null : this.parse(this.typed);
    if (value === null) return;
    this.typed = null;
    this.end();
    this.fire(value, false);
    this.dispatchEvent(new CustomEvent('settle'));
  }

  private parse(text: string): number | null {
    const value = Number(text.trim().replace(',', '.').replace('−', '-'));
    return text.trim() !== '' && Number.isFinite(value) && value >= this.min && value <= this.max ? value : null;
  }

  /** Moves to the nearest step within the limits. */
  private slideTo(wanted: number, alone: boolean): void {
    const { step, min, max } = this;
    const value = Math.min(max, Math.max(min, Number((Math.round(wanted / step) * step).toFixed(9))));
    if (value !== this.value) this.fire(value, alone);
  }

  private fire(value: number, alone: boolean): void {
    this.dispatchEvent(new CustomEvent<Slide>('slide', { detail: { value, alone } }));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.end();
  }

  private end(): void {
    if (!this.moving) return;
    this.moving = false;
    this.dispatchEvent(new CustomEvent('settle'));
  }
}

const fieldText = (event: Event): string => (event.target instanceof HTMLInputElement ? event.target.value : '');

declare global {
  interface HTMLElementTagNameMap {
    'rs-slider': Slider;
  }
}
