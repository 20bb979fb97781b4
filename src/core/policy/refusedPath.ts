import { message, type Message } from '../report/message.ts';
import { isAbsolutePath, isWithin, resolvePath, styleOf } from './absolutePath.ts';

/** Where a path of a config is read from, and what may be opened: absolute folders; null where the config is no file. */
export interface PathPlace {
  readonly folder: string | null;
  readonly root: string | null;
}

/**
 * Why a path, folder or glob must not be opened, by its text alone: addresses, network paths, devices, and whatever leads out of the
 * root. Null where nothing speaks against it; symbolic links are followed where there is a file system.
 */
export function refusedPath(text: string, { folder, root }: PathPlace): Message | null {
  const near = folder ?? root;
  const style = near === null ? 'posix' : styleOf(near);
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
  if (near === null)
    return isAbsolutePath(text, style) && systemFolder.test(text) ? message('{0} is a device, not a file', text) : null;
  const path = resolvePath(text, near);
  if (style === 'posix' && systemFolder.test(path)) return message('{0} is a device, not a file', text);
  // A backslash is a letter on POSIX, but some readers take it for a separator everywhere.
  const read = resolvePath(text.replaceAll('\\', '/'), near);
  return root !== null && !(isWithin(path, root) && isWithin(read, root))
    ? message('{0} is outside of the workspace', text)
    : null;
}

const controls = /[\u0000-\u001f\u007f]/;
const systemFolder = /^\/+(?:dev|proc|sys)(?:\/|$)/;

/** Windows takes these names for devices in every folder, whatever their extension. */
function deviceName(text: string): boolean {
  return text
    .split(/[\\/]/)
    .some((name) => /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:[.: ]|$)/i.test(name));
}
