// Arithmetic on absolute paths as text, without a file system. Supports POSIX and Windows paths on every machine.

export type PathStyle = 'posix' | 'windows';

/** A path in parts: its root (`/`, `C:\`, `\\server\share\`) and the names below. */
export interface PathParts {
  readonly root: string;
  readonly names: readonly string[];
}

const drive = /^[A-Za-z]:[\\/]/;
const share = /^[\\/]{2}[^\\/]+[\\/]+[^\\/]+/;

export function styleOf(path: string): PathStyle {
  return drive.test(path) || /^\\\\/.test(path) ? 'windows' : 'posix';
}

export function isAbsolutePath(text: string, style: PathStyle): boolean {
  return style === 'windows' ? drive.test(text) || /^[\\/]/.test(text) : text.startsWith('/');
}

/** Resolves `text` against an absolute folder, with `.` and `..`. At the root, `..` has no effect. */
export function resolvePath(text: string, folder: string): string {
  const style = styleOf(folder);
  return joinPath(partsOf(text, style, partsOf(folder, style, { root: '', names: [] })), style);
}

/** The folder that contains a file. */
export function folderOf(path: string): string {
  const style = styleOf(path);
  const { root, names } = partsOf(path, style, { root: '', names: [] });
  return joinPath({ root, names: names.slice(0, -1) }, style);
}

/** True if an absolute path is `folder` or below it. Windows paths ignore letter case. */
export function isWithin(path: string, folder: string): boolean {
  const style = styleOf(folder);
  if (styleOf(path) !== style) return false;
  const none: PathParts = { root: '', names: [] };
  const [inner, outer] = [partsOf(path, style, none), partsOf(folder, style, none)];
  const same = (a: string, b: string): boolean => (style === 'windows' ? a.toLowerCase() === b.toLowerCase() : a === b);
  return same(inner.root, outer.root) && outer.names.every((name, k) => same(name, inner.names[k] ?? ''));
}

/** A path below a folder for reports: relative to the folder, with `/`. Other paths are returned unchanged. */
export function pathFrom(folder: string, path: string): string {
  if (!isWithin(path, folder)) return path;
  const style = styleOf(folder);
  const none: PathParts = { root: '', names: [] };
  return partsOf(path, style, none)
    .names.slice(partsOf(folder, style, none).names.length)
    .join('/');
}

export function partsOf(text: string, style: PathStyle, base: PathParts): PathParts {
  const { root, rest, names } = splitRoot(text, style, base);
  const resolved = [...names];
  for (const name of rest.split(style === 'windows' ? /[\\/]+/ : /\/+/)) {
    if (name === '..') resolved.pop();
    else if (name !== '' && name !== '.') resolved.push(name);
  }
  return { root, names: resolved };
}

function splitRoot(text: string, style: PathStyle, base: PathParts): PathParts & { readonly rest: string } {
  if (style === 'posix') return text.startsWith('/') ? { root: '/', names: [], rest: text } : { ...base, rest: text };
  const host = share.exec(text)?.[0];
  if (host !== undefined)
    return {
      root: `${host.replace(/[\\/]+/g, '\\').replace(/^\\/, '\\\\')}\\`,
      names: [],
      rest: text.slice(host.length),
    };
  if (drive.test(text)) return { root: `${text.slice(0, 2)}\\`, names: [], rest: text.slice(2) };
  // A path without a drive letter is on the drive of the base.
  return /^[\\/]/.test(text) ? { root: base.root, names: [], rest: text } : { ...base, rest: text };
}

function joinPath({ root, names }: PathParts, style: PathStyle): string {
  return root + names.join(style === 'windows' ? '\\' : '/');
}
