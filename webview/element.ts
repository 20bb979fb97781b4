import { LitElement, type CSSResult } from 'lit';

const adopted = new Set<CSSResult>();

/** Adds style sheets to the page, each once. The content security policy allows adopted sheets. */
export function adopt(...sheets: readonly CSSResult[]): void {
  for (const sheet of sheets) {
    if (adopted.has(sheet) || !sheet.styleSheet) continue;
    adopted.add(sheet);
    document.adoptedStyleSheets.push(sheet.styleSheet);
  }
}

/**
 * An element without a shadow root, so that codicons, theme classes and ARIA references work across elements. Its
 * styles apply to the whole page, so every selector begins with the element's name.
 */
export abstract class LightElement extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    const { sheets } = this.constructor as typeof LightElement;
    adopt(...sheets);
    return this;
  }

  static sheets: readonly CSSResult[] = [];

  /**
   * Resolves when the element shows what its model knows now. A model reports a change a little later, and
   * `updateComplete` alone would not wait for that.
   */
  protected async redrawn(): Promise<void> {
    this.requestUpdate();
    await this.updateComplete;
  }
}
