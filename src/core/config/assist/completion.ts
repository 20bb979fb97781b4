import type { Message } from '../../message/message.ts';
import type { Span } from '../span.ts';

/** A proposal at a cursor. */
export interface Completion {
  readonly label: string;
  readonly kind: CompletionKind;
  /** A type, an amount or the name used in practice. Not translated. */
  readonly detail: string;
  /** Paragraphs of documentation. */
  readonly doc: readonly Message[];
  /** Text that replaces `span`, in the snippet syntax of the Language Server Protocol (`$1`, `${1:text}`, `\$`). */
  readonly snippet: string;
  readonly span: Span;
  /** The editor matches the typed text against this. */
  readonly filter: string;
  /** True if the editor should ask for completions again right after this one. */
  readonly again: boolean;
}
export type CompletionKind =
  | 'key'
  | 'source'
  | 'value'
  | 'event'
  | 'entry'
  | 'variable'
  | 'attribute'
  | 'column'
  | 'path'
  | 'rule';
