import type { Knob } from '../../src/protocol/preview.ts';
import { Observable } from '../observable.ts';
import { decimalsOf, rescaled } from './shares.ts';

export interface Turn {
  readonly values: readonly { readonly id: string; readonly value: number }[];
  readonly settle: boolean;
}

/**
 * The knobs under the hand of a person: what they are moved to stands at once, and is written to the config one request at a time, the newest
 * values only. A gesture ends with `settle`: one step of undo.
 */
export class Turning extends Observable {
  /** Settled gestures that can be undone from here. */
  steps = 0;
  private knobs: readonly Knob[] = [];
  private readonly moved = new Map<string, number>();
  /** Knobs as they were when the gesture began: each position is computed from these alone, whatever was passed on the way. */
  private base: ReadonlyMap<string, Knob> | null = null;
  private readonly gesture = new Set<string>();
  private readonly touched = new Set<string>();
  private readonly queue: Turn[] = [];
  private sending = false;
  private writing = Promise.resolve();

  /** `write` answers false where the knobs are gone; `lost` is called then. */
  constructor(
    private readonly write: (turn: Turn) => Promise<boolean>,
    private readonly lost: () => void,
  ) {
    super();
  }

  at(knob: Knob): number {
    return this.moved.get(knob.id) ?? knob.value;
  }

  /** The ends of a knob; while it is moved they stay, or one place of the hand would mean several values. */
  ends({ id, ...knob }: Knob): Pick<Knob, 'min' | 'max' | 'step'> {
    const { min, max, step } = this.base?.get(id) ?? knob;
    return { min, max, step };
  }

  /** 0-based lines of what was moved; null where nothing was. */
  get lines(): { first: number; last: number } | null {
    const ranges = this.knobs.filter(({ id }) => this.touched.has(id)).map(({ range }) => range);
    if (ranges.length === 0 || (this.steps === 0 && this.base === null)) return null;
    return {
      first: Math.min(...ranges.map(({ start }) => start.line)),
      last: Math.max(...ranges.map(({ end }) => end.line)),
    };
  }

  /** The knobs of an answer. `current`: it answers the newest text. */
  adopt(knobs: readonly Knob[], current: boolean): void {
    this.knobs = knobs;
    if (current && this.queue.length === 0 && !this.sending) {
      if (this.base !== null && this.isElsewhere(knobs)) this.end();
      if (this.base === null) this.moved.clear();
    }
    this.changed();
  }

  /** Moves a knob; shares of the others follow in proportion so that they sum to 1, unless it is moved `alone`. */
  turn(knob: Knob, value: number, alone: boolean): void {
    const base = this.base ?? new Map(this.knobs.map((each) => [each.id, { ...each, value: this.at(each) }]));
    this.base = base;
    for (const id of this.gesture) this.moved.set(id, base.get(id)?.value ?? 0);
    const shares = [...base.values()].filter(({ kind }) => kind === 'share');
    const place = shares.findIndex(({ id }) => id === knob.id);
    if (alone || place < 0) this.move(knob, value);
    else {
      const before = shares.map((share) => share.value);
      const decimals = Math.max(...before.map((share) => decimalsOf(share, 2)), decimalsOf(value, 2));
      const after = value === before[place] ? before : rescaled(before, place, value, 1, Math.min(4, decimals));
      shares.forEach((share, k) => {
        this.move(share, after[k] ?? share.value);
      });
    }
    this.send(false);
    this.changed();
  }

  /** Ends the gesture. What follows is a step of undo of its own. */
  settle(): void {
    const { base } = this;
    if (base === null) return;
    this.send(true);
    if ([...this.gesture].some((id) => this.moved.get(id) !== base.get(id)?.value)) this.steps++;
    this.end();
    this.changed();
  }

  /** Resolves when all is written. */
  written(): Promise<void> {
    return this.writing;
  }

  undone(): void {
    this.steps = Math.max(0, this.steps - 1);
    if (this.steps === 0) this.touched.clear();
    this.moved.clear();
    this.changed();
  }

  /** True where knobs of the gesture have other values in the text than it wrote: somebody else changed them. */
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
    // What waits and is not the end of a gesture is overtaken.
    if (this.queue.at(-1)?.settle === false) this.queue.pop();
    this.queue.push({ values, settle });
    if (!this.sending) this.writing = this.drain();
  }

  private async drain(): Promise<void> {
    this.sending = true;
    for (let turn = this.queue.shift(); turn; turn = this.queue.shift()) {
      if (await this.write(turn)) continue;
      this.queue.length = 0;
      this.moved.clear();
      this.end();
      this.lost();
    }
    this.sending = false;
    this.changed();
  }
}
