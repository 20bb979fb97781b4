import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { offered, wrongName } from '../files/wrongName.ts';
import { magic } from '../ipc/layout.ts';
import { ArrowSource } from '../source/arrow.ts';
import { ascii, hex } from './bytes.ts';
import type { FileEnds, Reader } from './reader.ts';

const file = 'Arrow/Feather';
const stream = 'Arrow stream';
const featherV1 = 'Feather (version 1)';

export const arrow: Reader = {
  signatures: [
    { content: file, bytes: [0x41, 0x52, 0x52, 0x4f, 0x57, 0x31] },
    { content: stream, bytes: [0xff, 0xff, 0xff, 0xff] },
    { content: featherV1, bytes: [0x46, 0x45, 0x41, 0x31] },
  ],
  checkEnds,
  open: async (opening, work) => await ArrowSource.open(opening, work),
  mayBeInLakeTable: false,
};

async function checkEnds({ path, bytes, head, tail, content }: FileEnds): Promise<void> {
  if (content === featherV1)
    throw fail('unsupported', message('The file is Feather version 1, which is not read'), {
      place: { path, byte: 0 },
      advice: message('Write it again as Feather version 2 or Parquet, for example with pandas.'),
    });
  if (content === stream) return;
  if (content !== file) {
    if (content !== 'binary data' && content !== 'text') throw wrongName(path, content);
    throw fail(
      'wrong-format',
      message(
        'The file is named like an Arrow file, but it starts with the bytes {0} instead of ARROW1 or ff ff ff ff',
        hex(head.subarray(0, 6)),
      ),
      {
        place: { path, byte: 0 },
        advice: message('Check how the file was written, or rename it.'),
        ...offered(content),
      },
    );
  }
  const end = tail.subarray(-magic.length);
  if (ascii(end) !== magic)
    throw fail(
      'truncated',
      message(
        'The Arrow file is cut off: it has {1} bytes and ends with the bytes {0} instead of ARROW1',
        hex(end),
        bytes,
      ),
      {
        place: { path, byte: Math.max(0, bytes - magic.length) },
        advice: message('Copy or write the file again. Its footer is missing.'),
      },
    );
}
