import { fail, type Failure } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';

/** The format of a content that the first bytes of a file show. */
const formats: Readonly<Record<string, NonNullable<Failure['readAs']>>> = {
  Parquet: 'parquet',
  'Arrow/Feather': 'arrow',
  'Arrow stream': 'arrow',
  CSV: 'csv',
  JSON: 'jsonl',
};
/** Text of one column, and compressed text, may be anything else too. */
const maybeCsv: readonly string[] = ['text', 'gzip', 'Zstandard'];

/** The format of a content; undefined if it shows none. */
export const formatOfContent = (content: string): Failure['readAs'] => formats[content];

/** The part of a failure that offers to read a file by its content. Empty if that is no format that is read. */
export function offered(content: string): Pick<Failure, 'readAs'> {
  const readAs = formats[content] ?? (maybeCsv.includes(content) ? 'csv' : undefined);
  return readAs === undefined ? {} : { readAs };
}

/** The failure of a file whose name does not match the format of its content. */
export function wrongName(path: string, content: string): Error {
  const extension = /(\.[^./\\]+)?\.[^./\\]+$/.exec(path)?.[0] ?? path;
  return fail('wrong-format', message('The file is named {0}, but its content is {1}', extension, content), {
    place: { path, byte: 0 },
    advice: message('Rename the file to match its content, or write it again.'),
    ...offered(content),
  });
}
