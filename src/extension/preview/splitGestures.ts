/** A gesture whose text was saved before its end; VS Code then undoes it in several steps. */
interface SplitGesture {
  readonly start: string;
  readonly end: string;
  /** Texts at which an undo step ends. */
  readonly stops: ReadonlySet<string>;
}

/** Maximum number of gestures kept per document, newest first. */
const MOST = 20;

/**
 * Detects an undo or redo that stopped inside a gesture and must continue. It compares texts, so that no other edit is
 * affected.
 */
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

  /**
   * Call when the text of a document changed. True if `how` moved it from one step of a gesture to another step inside
   * the same gesture.
   */
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
