import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ConfigLanguage } from '../../core/config/document.ts';

/**
 * The location of a document. Documents of virtual file systems and unsaved documents have no path; no file is opened
 * for them.
 */
export interface Address {
  /** The URI as the client writes it. */
  readonly uri: string;
  /** Absolute; null if the document is not a local file. */
  readonly path: string | null;
}

export function addressOfUri(uri: string): Address {
  if (!/^file:/i.test(uri)) return { uri, path: null };
  try {
    return { uri, path: path.normalize(fileURLToPath(uri)) };
  } catch {
    // The URI names another host or contains an incomplete escape.
    return { uri, path: null };
  }
}

export function addressOfPath(file: string): Address {
  return { uri: pathToFileURL(file).href, path: path.normalize(file) };
}

/** Equal keys for two spellings of the same URI. */
export function keyOf({ uri, path: file }: Address): string {
  return file ?? uri;
}

export function nameOf({ uri, path: file }: Address): string {
  return path.basename(file ?? uri);
}

/** The notation of a document: the language id that the client sends, or else the file name decides. */
export function languageOf({ uri, path: file }: Address, languageId?: string): ConfigLanguage {
  if (languageId !== undefined && /json/i.test(languageId)) return 'json';
  if (languageId !== undefined && /yaml/i.test(languageId)) return 'yaml';
  return /\.json$/i.test(file ?? uri) ? 'json' : 'yaml';
}

/** True for file names that every editor and the command line treat as configs. */
export function isConfigName(file: string): boolean {
  return /\.ratio\.(ya?ml|json)$/i.test(file);
}
