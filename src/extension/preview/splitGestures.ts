/** A gesture that VS Code may undo in several steps, because it was saved before its end. */
interface Gesture {
  readonly start: string;
  end: string;
  /** Texts that the gesture wrote since the last save. */
  unsaved: string[];
  /** Texts at which an undo step may end. */
  readonly stops: Set<string>;
}

/** Maximum number of gestures kept per document, newest first. */
const MAX_GESTURES = 20;

/**
 * Detects an undo or redo that stopped inside a gesture and must continue. It compares texts, so that no other edit is
 * affected.
 */
export class SplitGestures {
  readonly #gestures = new Map<string, readonly Gesture[]>();
  readonly #texts = new Map<string, string>();

  /** Begins a gesture: `start` is the text before it. */
  begin(uri: string, start: string): void {
    const gesture = { start, end: start, unsaved: [], stops: new Set<string>() };
    this.#gestures.set(uri, [gesture, ...(this.#gestures.get(uri) ?? [])].slice(0, MAX_GESTURES));
  }

  /** The newest gesture wrote this text. */
  wrote(uri: string, text: string): void {
    const [newest] = this.#gestures.get(uri) ?? [];
    if (!newest || newest.end === text) return;
    newest.end = text;
    newest.unsaved.push(text);
    this.#texts.set(uri, text);
  }

  /**
   * VS Code ends an undo step at each save. The event of a save comes after newer texts were written, so any text since
   * the event before may be the saved one.
   */
  saved(uri: string): void {
    const [newest] = this.#gestures.get(uri) ?? [];
    if (!newest) return;
    for (const text of newest.unsaved) newest.stops.add(text);
    newest.unsaved = [];
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
    return gestures.some(({ start, end, stops }) => {
      const isInside = (one: string): boolean => one !== start && one !== end && stops.has(one);
      return isInside(text) && (isInside(before) || before === (how === 'undo' ? end : start));
    });
  }
}
