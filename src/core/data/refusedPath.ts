import { message, type Message } from '../message/message.ts';
import { isAbsolutePath, isWithin, resolvePath, styleOf } from './absolutePath.ts';

/**
 * `folder`: base of a config's relative paths. `root`: the readable folder. Absolute; null if the config is not a file.
 */
export interface PathRules {
  readonly folder: string | null;
  readonly root: string | null;
  /** An absolute path that the user named: a data set with exactly this path may be read, also outside of the root. */
  readonly given?: string;
}

/**
 * Why a path, folder or glob must not be opened, decided by its text: addresses, network paths, devices, and paths
 * that leave the root. Null if it is allowed. Callers with a file system also check symbolic links.
 */
export function refusedPath(text: string, { folder, root }: PathRules): Message | null {
  const base = folder ?? root;
  const style = base === null ? 'posix' : styleOf(base);
  if (text.trim() === '') return message('The path is empty');
  if (controls.test(text)) return message('The path contains a control character');
  if (
    /^[a-z][a-z0-9+.-]+:[\\/]/i.test(text) ||
    /^(?:file|data|https?|ftps?|s3[an]?|gs|gcs|hf|hdfs|abfss?|azure|az|oss):/i.test(text)
  )
    return message('{0} is an address; only files of the workspace are read', text);
  if (/^(?:\\\\|\/\/)[.?][\\/]/.test(text)) return message('{0} is a device, not a file', text);
  if (/^(?:\\\\|\/\/)/.test(text)) return message('{0} is a network path; only files of the workspace are read', text);
  if (style === 'windows' && deviceName(text)) return message('{0} is a device, not a file', text);
  if (style === 'windows' && text.replace(/^[A-Za-z]:(?=[\\/])/, '').includes(':'))
    return message('{0} names a drive or a stream, not a file', text);
  if (style === 'posix' && /^[A-Za-z]:[\\/]/.test(text)) return message('{0} is outside of the workspace', text);
  if (base === null)
    return isAbsolutePath(text, style) && systemFolder.test(text) ? message('{0} is a device, not a file', text) : null;
  const path = resolvePath(text, base);
  if (style === 'posix' && systemFolder.test(path)) return message('{0} is a device, not a file', text);
  // A backslash is a normal character on POSIX, but some readers treat it as a separator everywhere.
  const read = resolvePath(text.replaceAll('\\', '/'), base);
  return root !== null && !(isWithin(path, root) && isWithin(read, root))
    ? message('{0} is outside of the workspace', text)
    : null;
}

/**
 * Why a path in a data file, lock file or manifest is not below the folder of that file: `refusedPath` refuses it, it is
 * absolute, or it contains `..`. Null if it is below the folder.
 */
export function refusedBelow(name: string, folder: string): Message | null {
  const names = name.split(styleOf(folder) === 'windows' ? /[\\/]/ : '/');
  const isPlain = !controls.test(name) && names.every((one) => one !== '' && one !== '.' && one !== '..');
  return isPlain ? refusedPath(name, { folder, root: folder }) : message('{0} is not a path below the folder', name);
}

const controls = /[\u0000-\u001f\u007f]/;
const systemFolder = /^\/+(?:dev|proc|sys)(?:\/|$)/;

/** Windows treats these names as devices in every folder, with any extension. */
function deviceName(text: string): boolean {
  return text
    .split(/[\\/]/)
    .some((name) => /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:[.: ]|$)/i.test(name));
}
