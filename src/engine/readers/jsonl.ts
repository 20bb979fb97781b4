import { message } from '../../core/message/message.ts';
import { JsonlReader } from '../text/jsonlReader.ts';
import type { Reader } from './reader.ts';
import { textReader } from './text.ts';

export const jsonl: Reader = {
  ...textReader((tally) => new JsonlReader(tally)),
  emptyFile: {
    message: message('The file is empty (0 bytes): a JSON Lines file without rows has no columns'),
    advice: message(
      'If no rows were drawn, the lock file next to the sample file records this. Parquet and CSV keep their columns without rows.',
    ),
  },
};
