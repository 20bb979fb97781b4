import { readRange } from '../files/readRange.ts';
import { hasField, readCompact } from './compactStruct.ts';

/** Field of Parquet's FileMetaData that names the cipher if the footer itself is not encrypted (parquet.thrift). */
const ENCRYPTION_ALGORITHM = 8;
/** Longest footer that is searched, in bytes, because the search blocks the process. */
const MAX_FOOTER = 16 << 20;

/**
 * True for Parquet with encrypted data but a plaintext footer, which ends with PAR1 like any other file. Reads the
 * footer. False for a footer that cannot be parsed or is longer than 16 MiB.
 */
export async function isEncryptedUnderPlaintextFooter(path: string, bytes: number): Promise<boolean> {
  try {
    const end = bytes - 8;
    const length = (await readRange(path, end, 4)).readUInt32LE(0);
    if (length > end || length > MAX_FOOTER) return false;
    const footer = await readRange(path, end - length, length);
    // A damaged footer may contain something else in that field.
    return hasField(footer, ENCRYPTION_ALGORITHM) && namesCipher(footer);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/**
 * True if the field has the structure that Parquet defines: a union of two structs, one of which is set.
 * @throws RangeError for a damaged footer
 */
function namesCipher(footer: Uint8Array): boolean {
  const cipher = readCompact(footer).get(ENCRYPTION_ALGORITHM);
  if (cipher === undefined || !('fields' in cipher) || cipher.fields.size !== 1) return false;
  const [[id, value] = []] = cipher.fields;
  return (id === 1 || id === 2) && value !== undefined && 'fields' in value;
}
