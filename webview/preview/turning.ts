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
  /** Values when the gesture began: going to an end and back leaves the proportions of the others as they were. */
  private base: ReadonlyMap<string, number> | null = null;
  private readonly gesture = new Set<string>();
  private readonly touched = new Set<string>();
  private readonly queue: Turn[] = [];
  private sending = false;

  /** `write` answers false where the knobs are gone; `lost` is called then. */
  constructor(private readonly write: (turn: Turn) => Promise<boolean>, private readonly lost: () => void) {
    super();
  }

  at(knob: Knob): number {
    return this.moved.get(knob.id) ?? knob.value;
  }

  /** 0-based lines of what was moved; null where nothing was. */
  get lines(): { first: number; last: number } | null {
    const ranges = this.knobs.filter(({ id }) => this.touched.has(id)).map(({ range }) => range);
    if (ranges.length === 0 || (this.steps === 0 && this.base === null)) return null;
    return { first: Math.min(...ranges.map(({ start }) => start.line)), last: Math.max(...ranges.map(({ end }) => end.line)) };
  }

  /** The knobs of an answer. `current`: it answers the newest text. */
  adopt(knobs: readonly Knob[], current: boolean): void {
    this.knobs = knobs;
    if (current && this.base === null && this.queue.length === 0 && !this.sending) this.moved.clear();
    this.changed();
  }

  /** Moves a knob; shares of the others follow in proportion so that they sum to 1, unless it is moved `alone`. */
  turn(knob: Knob, value: number, alone: boolean): void {
    this.base ??= new Map(this.knobs.map((each) => [each.id, this.at(each)]));
    const shares = this.knobs.filter(({ kind }) => kind === 'share');
    const place = shares.findIndex(({ id }) => id === knob.id);
    if (alone || place < 0) this.move(knob, value);
    else {
      const before = shares.map((share) => this.base?.get(share.id) ?? share.value);
      const decimals = Math.max(...before.map((share) => decimalsOf(share, 2)), decimalsOf(value, 2));
      rescaled(before, place, value, 1, Math.min(4, decimals)).forEach((share, k) => {
        const each = shares[k];
        if (each) this.move(each, share);
      });
    }
    this.send(false);
    this.changed();
  }

  settle(): void {
    if (this.base === null) return;
    this.base = null;
    this.steps++;
    this.send(true);
    this.gesture.clear();
    this.changed();
  }

  undone(): void {
    this.steps = Math.max(0, this.steps - 1);
    if (this.steps === 0) this.touched.clear();
    this.moved.clear();
    this.changed();
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
    if (!this.sending) void this.drain();
  }

  private async drain(): Promise<void> {
    this.sending = true;
    for (let turn = this.queue.shift(); turn; turn = this.queue.shift()) {
      if (await this.write(turn)) continue;
      this.queue.length = 0;
      this.moved.clear();
      this.gesture.clear();
      this.base = null;
      this.lost();
    }
    this.sending = false;
    this.changed();
  }
}
