/** A gesture whose text was saved before its end: VS Code then undoes it in several steps. */
interface SplitGesture {
  readonly start: string;
  readonly end: string;
  /** Texts at which a step ends. */
  readonly stops: ReadonlySet<string>;
}

/** Gestures that are kept for one document, the newest first. */
const MOST = 20;

/** Finds out which undo or redo stopped inside a gesture and has to go on. Texts are compared, so that nothing else is touched. */
export class SplitGestures {
  readonly #gestures = new Map<string, readonly SplitGesture[]>();
  readonly #texts = new Map<string, string>();

  add(uri: string, gesture: SplitGesture): void {
    this.#gestures.set(uri, [gesture, ...(this.#gestures.get(uri) ?? [])].slice(0, MOST));
    this.#texts.set(uri, gesture.end);
  }

  forget(uri: string): void {
    this.#gestures.delete(uri);
    this.#texts.delete(uri);
  }

  /** The text of a document is another one. True where `how` brought it from one step of a gesture to another, inside of it. */
  stopsInside(uri: string, text: string, how: 'undo' | 'redo' | 'edit'): boolean {
    const gestures = this.#gestures.get(uri);
    if (!gestures) return false;
    const before = this.#texts.get(uri) ?? '';
    this.#texts.set(uri, text);
    if (how === 'edit') return false;
    return gestures.some(
      ({ start, end, stops }) => stops.has(text) && (stops.has(before) || before === (how === 'undo' ? end : start)),
    );
  }
}
