import { wrongName } from '../files/wrongName.ts';
import { TextSource } from '../source/text.ts';
import type { TextReader } from '../text/reader.ts';
import type { Tally } from '../text/tally.ts';
import type { FileEnds, Reader } from './reader.ts';

/** Shared by all text formats. `create` returns the reader of a data set, which counts malformed records. */
export function textReader(create: (tally: Tally) => TextReader): Reader {
  return {
    signatures: [],
    checkEnds: refuseOtherContent,
    open: async (opening, work) => await TextSource.open(opening, create, work),
    mayBeInLakeTable: false,
  };
}

/**
 * Text may start with the letters of a signature ("PAR1…", "ORC,…"). Only signatures with non-text bytes are decisive;
 * the others need binary content after them.
 */
async function refuseOtherContent({ path, head, content, isSigned }: FileEnds): Promise<void> {
  if (isSigned && (head.includes(0) || !isPrintable(head))) throw wrongName(path, content);
}

function isPrintable(bytes: Uint8Array): boolean {
  return bytes.every((b) => b >= 0x20 || b === 0x09 || b === 0x0a || b === 0x0d);
}
