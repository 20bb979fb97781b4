import { property } from 'lit/decorators.js';
import { LightElement } from '../element.ts';
import { Watch } from '../observable.ts';
import type { TrialModel } from './trialModel.ts';

/** A part of the trial that renders again with every change of its model. */
export abstract class TrialElement extends LightElement {
  @property({ attribute: false }) model!: TrialModel;

  constructor() {
    super();
    new Watch(this, () => this.model);
  }
}
