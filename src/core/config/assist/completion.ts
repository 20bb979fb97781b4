import type { Message } from '../../report/message.ts';
import type { Span } from '../span.ts';

/** Something that can be written at a cursor. */
export interface Completion {
  readonly label: string;
  readonly kind: CompletionKind;
  /** A type, an amount, a name in practice; not translated. */
  readonly detail: string;
  /** Paragraphs about it. */
  readonly doc: readonly Message[];
  /** What replaces `span`, in the snippet syntax of the Language Server Protocol (`$1`, `${1:text}`, `\$`). */
  readonly snippet: string;
  readonly span: Span;
  /** What is typed is compared with this. */
  readonly filter: string;
  /** True where something else is to be proposed right after it. */
  readonly again: boolean;
}
export type CompletionKind =
  'key' | 'source' | 'value' | 'event' | 'entry' | 'variable' | 'attribute' | 'column' | 'path' | 'rule';
