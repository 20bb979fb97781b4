import type { Knob } from '../../src/protocol/preview.ts';
import { Observable } from '../observable.ts';
import { decimalsOf, rescaled } from './shares.ts';

export interface KnobChange {
  readonly values: readonly { readonly id: string; readonly value: number }[];
  readonly settle: boolean;
}

/**
 * The sliders while the user moves them. New values are shown at once and written to the config one request at a time,
 * newest values only. A gesture ends with `settle` and is one undo step.
 */
export class KnobSliders extends Observable {
  /** Number of settled gestures that can be undone here. */
  steps = 0;
  private knobs: readonly Knob[] = [];
  private readonly moved = new Map<string, number>();
  /**
   * The knobs at the start of the gesture. Each position is computed from these alone, whatever values came in between.
   */
  private base: ReadonlyMap<string, Knob> | null = null;
  private readonly gesture = new Set<string>();
  private readonly touched = new Set<string>();
  private readonly queue: KnobChange[] = [];
  private sending = false;
  private writing = Promise.resolve();

  /** `write` returns false if the knobs no longer exist; then `lost` is called. */
  constructor(
    private readonly write: (change: KnobChange) => Promise<boolean>,
    private readonly lost: () => void,
  ) {
    super();
  }

  currentValue(knob: Knob): number {
    return this.moved.get(knob.id) ?? knob.value;
  }

  /** The limits of a knob. They stay while it is moved; otherwise one pointer position would mean several values. */
  ends({ id, ...knob }: Knob): Pick<Knob, 'min' | 'max' | 'step'> {
    const { min, max, step } = this.base?.get(id) ?? knob;
    return { min, max, step };
  }

  /** 0-based lines of the changed numbers; null if nothing was changed. */
  get lines(): { first: number; last: number } | null {
    const ranges = this.knobs.filter(({ id }) => this.touched.has(id)).map(({ range }) => range);
    if (ranges.length === 0 || (this.steps === 0 && this.base === null)) return null;
    return {
      first: Math.min(...ranges.map(({ start }) => start.line)),
      last: Math.max(...ranges.map(({ end }) => end.line)),
    };
  }

  /** Takes the knobs of an answer. `current`: the answer is for the newest text. */
  adopt(knobs: readonly Knob[], current: boolean): void {
    this.knobs = knobs;
    if (current && this.queue.length === 0 && !this.sending) {
      if (this.base !== null && this.isElsewhere(knobs)) this.end();
      if (this.base === null) this.moved.clear();
    }
    this.changed();
  }

  /** Moves a knob. The other shares follow in proportion so that they sum to 1, unless it is moved `alone`. */
  slide(knob: Knob, value: number, alone: boolean): void {
    const base = this.base ?? new Map(this.knobs.map((each) => [each.id, { ...each, value: this.currentValue(each) }]));
    this.base = base;
    for (const id of this.gesture) this.moved.set(id, base.get(id)?.value ?? 0);
    const shares = [...base.values()].filter(({ kind }) => kind === 'share');
    const index = shares.findIndex(({ id }) => id === knob.id);
    if (alone || index < 0) this.move(knob, value);
    else {
      const before = shares.map((share) => share.value);
      const decimals = Math.max(...before.map((share) => decimalsOf(share, 2)), decimalsOf(value, 2));
      const after = value === before[index] ? before : rescaled(before, index, value, 1, Math.min(4, decimals));
      shares.forEach((share, k) => {
        this.move(share, after[k] ?? share.value);
      });
    }
    this.send(false);
    this.changed();
  }

  /** Ends the gesture. The next one is a new undo step. */
  settle(): void {
    const { base } = this;
    if (base === null) return;
    this.send(true);
    if ([...this.gesture].some((id) => this.moved.get(id) !== base.get(id)?.value)) this.steps++;
    this.end();
    this.changed();
  }

  /** Resolves when everything is written. */
  written(): Promise<void> {
    return this.writing;
  }

  undone(): void {
    this.steps = Math.max(0, this.steps - 1);
    if (this.steps === 0) this.touched.clear();
    this.moved.clear();
    this.changed();
  }

  /** True if knobs of the gesture have other values in the text than it wrote: the text was changed elsewhere. */
  private isElsewhere(knobs: readonly Knob[]): boolean {
    return knobs.some(
      ({ id, value }) => this.gesture.has(id) && Math.abs(value - (this.moved.get(id) ?? value)) > 1e-6,
    );
  }

  private end(): void {
    this.base = null;
    this.gesture.clear();
  }

  private move(knob: Knob, value: number): void {
    this.moved.set(knob.id, value);
    this.gesture.add(knob.id);
    this.touched.add(knob.id);
  }

  private send(settle: boolean): void {
    const values = [...this.gesture].map((id) => ({ id, value: this.moved.get(id) ?? 0 }));
    if (values.length === 0) return;
    // A waiting write that does not end a gesture is replaced by the newer one.
    if (this.queue.at(-1)?.settle === false) this.queue.pop();
    this.queue.push({ values, settle });
    if (!this.sending) this.writing = this.drain();
  }

  private async drain(): Promise<void> {
    this.sending = true;
    for (let change = this.queue.shift(); change; change = this.queue.shift()) {
      if (await this.write(change)) continue;
      this.queue.length = 0;
      this.moved.clear();
      this.end();
      this.lost();
    }
    this.sending = false;
    this.changed();
  }
}
