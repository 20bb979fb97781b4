import { message, render, type Message, type Translate } from './message.ts';
import type { Refusal } from './refusal.ts';

/** Every failure that is reported to users. The codes are stable, because tests and pipelines read them. */
export type FailureCode =
  | 'bad-filter' // the expression or a condition does not parse, or names an unknown column
  | 'bad-request' // a parameter is out of range
  | 'cancelled'
  | 'changed' // the file differs from the one that was opened
  | 'corrupt'
  | 'disk-full'
  | 'empty'
  | 'encrypted'
  | 'engine-stopped' // the engine process died during the request
  | 'internal'
  | 'no-permission'
  | 'not-found'
  | 'out-of-memory'
  | 'refused-path' // a device, a FIFO, a URI, or outside of the readable root
  | 'truncated'
  | 'unsupported'
  | 'wrong-format'; // the extension and the content indicate different formats

/** Place of a failure. Lines, columns (of a text) and rows are 1-based; bytes are 0-based offsets. */
export interface Place {
  readonly path?: string;
  /** Path, folder or glob of the data set that `path` belongs to, if several files are read together. */
  readonly dataset?: string;
  readonly line?: number;
  readonly character?: number;
  /** Length in UTF-16 units, from `character` on. */
  readonly length?: number;
  readonly byte?: number;
  readonly column?: string;
}

/** An error as a value: what happened, where, and what to do. Crosses processes by structured clone. */
export interface Failure {
  readonly code: FailureCode;
  readonly message: Message;
  readonly place?: Place;
  readonly advice?: Message;
  /** The role that no column has. A view then offers to choose a column. */
  readonly missingRole?: 'item';
  /** The format of the content, if the file name says another or none. A view then offers to open it in this format. */
  readonly readAs?: 'parquet' | 'arrow' | 'csv' | 'jsonl';
  /** Set if sampling stops because of the config or its data. */
  readonly refusal?: Refusal;
  /** Path of the setting that the failure is about, if `place` does not show it. */
  readonly setting?: readonly (string | number)[];
  /** The engine's original message, for the log; never shown alone. */
  readonly cause?: string;
}

type RefusalDetails = Partial<Omit<Failure, 'message' | 'refusal' | 'place' | 'advice'>> & {
  readonly place?: Place | undefined;
  readonly advice?: Message | undefined;
};

/** The only exception class of the project. It carries a failure through code that throws. */
export class FailureError extends Error {
  override readonly name = 'FailureError';
  constructor(readonly failure: Failure) {
    super(describeFailure(failure));
  }
}

/** Shorthand for throwing: `throw fail('empty', message('{0} is empty', name), { place })`. */
export function fail(code: FailureCode, text: Message, more: Omit<Failure, 'code' | 'message'> = {}): FailureError {
  return new FailureError({ code, message: text, ...more });
}

/** Like `fail`, for sampling that stops because of the config or its data. */
export function refuse(
  refusal: Refusal,
  text: Message,
  { code = 'bad-request', place, advice, ...more }: RefusalDetails = {},
): FailureError {
  return fail(code, text, { ...more, ...(place ? { place } : {}), refusal, ...(advice ? { advice } : {}) });
}

/** The result of `compute`, or the failure that it throws. Other errors are thrown. */
export function attempt<T>(compute: () => T): T | FailureError {
  try {
    return compute();
  } catch (error) {
    if (error instanceof FailureError) return error;
    throw error;
  }
}

/** The failure of work whose signal was aborted. */
export const cancelledFailure: Failure = { code: 'cancelled', message: message('Cancelled') };

/**
 * Converts any thrown value to a failure. What an aborted signal throws is a cancellation; anything else that is no
 * `FailureError` becomes `internal`.
 */
export function failureOf(error: unknown): Failure {
  if (error instanceof FailureError) return error.failure;
  if (error instanceof DOMException && error.name === 'AbortError') return cancelledFailure;
  const text = error instanceof Error ? error.message : String(error);
  return {
    code: 'internal',
    message: { text: '{0}', args: [text] },
    ...(error instanceof Error && error.stack ? { cause: error.stack } : {}),
  };
}

/** One line for a terminal or a log: `path:line: message. advice`. */
export function describeFailure(f: Failure, translate?: Translate): string {
  const p = f.place;
  const location =
    p?.path === undefined
      ? ''
      : p.path +
        (p.line === undefined ? '' : `:${p.line}` + (p.character === undefined ? '' : `:${p.character}`)) +
        ': ';
  const text = render(f.message, translate);
  return oneLine(f.advice ? location + sentences(text, render(f.advice, translate)) : location + text);
}

/** Joins two sentences with the punctuation of their script. */
function sentences(first: string, second: string): string {
  if (/[。！？]$/.test(first)) return first + second;
  if (/[.!?]$/.test(first)) return `${first} ${second}`;
  return /^\p{Script=Han}/u.test(second) ? `${first}。${second}` : `${first}. ${second}`;
}

function oneLine(text: string): string {
  const [first = '', ...remaining] = text.split(/[\r\n]+/);
  if (remaining.length === 0) return text;
  // No regular expression finds white space before a line end in linear time.
  const last = remaining.pop() ?? '';
  return [
    first.trimEnd(),
    ...remaining.map((line) => line.trim()).filter((line) => line !== ''),
    last.trimStart(),
  ].join(' ');
}
