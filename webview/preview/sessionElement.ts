import { property } from 'lit/decorators.js';
import { LightElement } from '../element.ts';
import { Watch } from '../observable.ts';
import type { PreviewSession } from './session.ts';

/** A part of the preview that renders again with every change of its session. */
export abstract class SessionElement extends LightElement {
  @property({ attribute: false }) session!: PreviewSession;

  constructor() {
    super();
    new Watch(this, () => this.session);
  }
}
