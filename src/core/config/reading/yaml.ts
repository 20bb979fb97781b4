import { message } from '../../message/message.ts';
import type { ConfigNode } from '../tree.ts';
import { BlockReader } from './blockReader.ts';
import { readWithLibrary } from './library.ts';
import type { Problems } from './problems.ts';
import { FallbackToLibrary } from './fallbackToLibrary.ts';

/**
 * Reads a YAML document. The YAML library takes about 100 ms for 2,000 lines of flow maps, which is too slow for every
 * keystroke. So `BlockReader` reads the lines itself if they use the usual syntax: block maps and lists, flow
 * collections, scalars on one line, comments. An entry with other syntax (a block scalar, a text over several lines,
 * half-typed text) goes to the library alone, with the lines indented below it. An error therefore does not spread over
 * the rest of the document. The library reads documents with anchors, tags or directives as a whole. Both readers give
 * the same tree; a property test checks this.
 */
export function readYaml(original: string, problems: Problems): ConfigNode | null {
  // A lone CR ends a line in YAML, but the library does not support that. The replacements keep the length.
  const text = original.replace(/^\uFEFF/, ' ').replace(/\r(?!\n)/g, '\n');
  const bom = original.length > 0 && original.charCodeAt(0) === 0xfeff;
  checkCharacters(text, problems);
  if (/^(?:---|\.\.\.|%)/m.test(text)) return readWithLibrary(bom ? text.slice(1) : text, bom ? 1 : 0, problems);
  const mark = problems.mark;
  try {
    return new BlockReader(text, bom ? 1 : 0, problems).document();
  } catch (reason) {
    if (!(reason instanceof FallbackToLibrary)) throw reason;
    problems.reset(mark);
    return readWithLibrary(bom ? text.slice(1) : text, bom ? 1 : 0, problems);
  }
}

/** YAML allows no control characters except tabs and line ends (YAML 1.2.2, chapter 5.1). */
function checkCharacters(text: string, problems: Problems): void {
  const match = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/.exec(text);
  if (!match) return;
  const code = match[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  problems.add(
    'config/syntax',
    { start: match.index, end: match.index + 1 },
    message('The control character U+{0} is not allowed in a text file', code),
  );
}
