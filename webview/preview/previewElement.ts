import { property } from 'lit/decorators.js';
import { LightElement } from '../element.ts';
import { Watch } from '../observable.ts';
import type { PreviewModel } from './previewModel.ts';

/** A part of the preview that renders again with every change of its model. */
export abstract class PreviewElement extends LightElement {
  @property({ attribute: false }) model!: PreviewModel;

  constructor() {
    super();
    new Watch(this, () => this.model);
  }
}
