import { readFileSync } from 'node:fs';

/** One file in a ZIP archive. */
export interface ZipEntry {
  readonly name: string;
  /** Uncompressed bytes. */
  readonly size: number;
}

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;

/** Lists a ZIP archive by its central directory (APPNOTE 6.3.10, 4.3.12 and 4.3.16; archives under 4 GB). */
export function listZip(file: string): readonly ZipEntry[] {
  const bytes = readFileSync(file);
  let end = bytes.length - 22;
  while (end >= 0 && bytes.readUInt32LE(end) !== endSignature) end--;
  if (end < 0) throw new Error(`${file} is not a ZIP archive`);
  const entries: ZipEntry[] = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    if (bytes.readUInt32LE(at) !== entrySignature) throw new Error(`${file}: the directory is damaged at byte ${at}`);
    const nameLength = bytes.readUInt16LE(at + 28);
    entries.push({ name: bytes.toString('utf8', at + 46, at + 46 + nameLength), size: bytes.readUInt32LE(at + 24) });
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries;
}
