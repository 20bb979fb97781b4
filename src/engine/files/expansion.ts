import { fail, type FailureError } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { formatBytes } from '../../core/table/format.ts';

/** Bytes that one byte of the files may become. Real files stay far below: see docs/formats.md. */
const MAX_PER_BYTE = 100;
/** Bytes to which every data set may expand, however small its files: as much as 40 million rows of a constant. */
const ALWAYS = 1 << 30;

/**
 * The budget of a data set whose rows are copied: memory, disk and time grow with the bytes that are made from its
 * files. It tells a file that claims more than it holds from a file that is large.
 */
export class Expansion {
  #made = 0;
  readonly limit: number;

  /**
   * @param path of the data set
   * @param fileBytes of all its files
   */
  constructor(
    private readonly path: string,
    private readonly fileBytes: number,
    limit = Math.max(ALWAYS, MAX_PER_BYTE * fileBytes),
  ) {
    this.limit = limit;
  }

  /** Bytes that may still be made. */
  get left(): number {
    return this.limit - this.#made;
  }

  /** @throws FailureError `unsupported` if so many bytes may not be made */
  check(bytes: number): void {
    if (bytes > this.left) throw this.refusal(this.#made + bytes);
  }

  /**
   * Counts bytes that are about to be made.
   * @throws FailureError `unsupported` if they are too many
   */
  take(bytes: number): void {
    this.check(bytes);
    this.#made += bytes;
  }

  /** @param needed bytes that are needed at least */
  refusal(needed: number): FailureError {
    return fail(
      'unsupported',
      message(
        'Reading these files ({0}) would take at least {1} of memory and disk; the limit for files of this size is {2}',
        formatBytes(this.fileBytes),
        formatBytes(needed),
        formatBytes(this.limit),
      ),
      {
        place: { path: this.path },
        advice: message('Write the rows again as Parquet, which is not copied, or as several smaller files.'),
      },
    );
  }
}
