import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ConfigLanguage } from '../../core/config/document.ts';

/** Where a document lies. Documents of virtual file systems and unsaved ones have no path, and nothing beside them is opened. */
export interface Address {
  /** As the client writes it. */
  readonly uri: string;
  /** Absolute; null for everything that is no local file. */
  readonly path: string | null;
}

export function addressOfUri(uri: string): Address {
  if (!/^file:/i.test(uri)) return { uri, path: null };
  try {
    return { uri, path: path.normalize(fileURLToPath(uri)) };
  } catch {
    // A host that is not this machine, or a half-written escape.
    return { uri, path: null };
  }
}

export function addressOfPath(file: string): Address {
  return { uri: pathToFileURL(file).href, path: path.normalize(file) };
}

/** Equal for two ways to write the address of one document. */
export function keyOf({ uri, path: file }: Address): string {
  return file ?? uri;
}

export function nameOf({ uri, path: file }: Address): string {
  return path.basename(file ?? uri);
}

/** Which notation a document is in: what the client calls it, else what it is named. */
export function languageOf({ uri, path: file }: Address, languageId?: string): ConfigLanguage {
  if (languageId !== undefined && /json/i.test(languageId)) return 'json';
  if (languageId !== undefined && /yaml/i.test(languageId)) return 'yaml';
  return /\.json$/i.test(file ?? uri) ? 'json' : 'yaml';
}

/** True for the names that configs have in every editor and on the command line. */
export function isConfigName(file: string): boolean {
  return /\.ratio\.(ya?ml|json)$/i.test(file);
}
