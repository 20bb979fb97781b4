import { open } from 'node:fs/promises';
import { hasField, readCompact } from '../parquet/compactStruct.ts';

/** Field of Parquet's FileMetaData that names the cipher where the footer itself is left readable (parquet.thrift). */
const ENCRYPTION_ALGORITHM = 8;
/** Longest footer that is searched, in bytes: nothing else is answered meanwhile. */
const MAX_FOOTER = 16 << 20;

/**
 * True for Parquet whose data are encrypted under a readable footer, which ends with PAR1 like any other. Reads the footer; false for one
 * that cannot be followed, or is longer than 16 MiB.
 */
export async function isEncryptedUnderPlaintextFooter(path: string, bytes: number): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const end = bytes - 8;
    const length = (await file.read(Buffer.alloc(4), 0, 4, end)).buffer.readUInt32LE(0);
    if (length > end || length > MAX_FOOTER) return false;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, end - length);
    const footer = buffer.subarray(0, bytesRead);
    // A damaged footer may have something else in that field.
    return hasField(footer, ENCRYPTION_ALGORITHM) && namesCipher(footer);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  } finally {
    await file.close();
  }
}

/** True where the field is what Parquet defines: a union of two structs, one of which is set. @throws RangeError for a damaged footer */
function namesCipher(footer: Uint8Array): boolean {
  const cipher = readCompact(footer).get(ENCRYPTION_ALGORITHM);
  if (cipher === undefined || !('fields' in cipher) || cipher.fields.size !== 1) return false;
  const [[id, value] = []] = cipher.fields;
  return (id === 1 || id === 2) && value !== undefined && 'fields' in value;
}
