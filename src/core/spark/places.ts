import type { Script } from './script.ts';
import type { SparkPlaces } from './stepStatements.ts';

/** File systems on which a folder is renamed as a whole. On others, such as S3, a rename copies file by file. */
const renames = new Set(['file', 'hdfs', 'viewfs', 'abfs', 'abfss']);

/** Where a Python job writes the result before it takes the place of `output`; null: there at once. */
export function stagingOf({
  output,
}: Pick<SparkPlaces, 'output'>): { readonly staged: string; readonly replaced: string } | null {
  const { scheme } = parsedPlace(output);
  const folder = output.replace(/\/+$/, '');
  const at = folder.lastIndexOf('/') + 1;
  const [parent, name] = [folder.slice(0, at), folder.slice(at)];
  if (!renames.has(scheme ?? 'file') || name === '') return null;
  return { staged: `${parent}_staged/${name}`, replaced: `${parent}_replaced/${name}` };
}

/** All folders that a job replaces. */
export function writtenPlaces({ output, work }: SparkPlaces): string[] {
  return [output, work, ...Object.values(stagingOf({ output }) ?? {})];
}

/** The files and folders that a job reads: of a pattern, the folder above its first wildcard. */
export function readPlaces({ sections }: Pick<Script, 'sections'>): string[] {
  const found = sections.flatMap(({ steps }) =>
    steps.flatMap((step) => (step.kind === 'input' && step.table === null ? [step.folder] : [])),
  );
  return [...new Set(found)];
}

/** A path or an address as Hadoop reads it: nothing is decoded, and `..` is resolved before links. */
interface ParsedPlace {
  /** In lower case; null: that of the default file system, which only the cluster knows. */
  readonly scheme: string | null;
  readonly authority: string;
  readonly path: string;
}

export function parsedPlace(text: string): ParsedPlace {
  const [, scheme = null, authority = '', path = ''] =
    /^(?:([A-Za-z][A-Za-z0-9+.-]+):)?(?:\/\/([^/]*))?([^]*)$/.exec(text) ?? [];
  return { scheme: scheme?.toLowerCase() ?? null, authority: authority.toLowerCase(), path };
}

/** The path of a place on this machine, if it can be one; null if it is elsewhere. It may be relative. */
export function localPath(text: string): string | null {
  const { scheme, path } = parsedPlace(text);
  return scheme === null || scheme === 'file' ? path : null;
}

/**
 * True if a place is, contains, or lies inside another one. Local ones are absolute. Places whose file systems may be
 * the same are compared by their paths.
 */
export function overlaps(a: string, b: string): boolean {
  const [one, other] = [parsedPlace(a), parsedPlace(b)];
  if (one.scheme !== null && other.scheme !== null) {
    if (kindOf(one.scheme) !== kindOf(other.scheme)) return false;
    const isOther = one.authority !== '' && other.authority !== '' && one.authority !== other.authority;
    if (isOther && one.scheme !== 'file') return false;
  }
  const names = namesOf(one.path);
  const others = namesOf(other.path);
  return names.every((name, k) => k >= others.length || name === others[k]);
}

/** `s3`, `s3a` and `s3n` lead to the same buckets. With `s` at the end, others only encrypt what they send. */
const kindOf = (scheme: string): string => scheme.replace(/^s3[an]$/, 's3').replace(/^(abfs|wasb)s$/, '$1');

function namesOf(path: string): string[] {
  const names: string[] = [];
  for (const name of path.split('/')) {
    if (name === '..') names.pop();
    else if (name !== '' && name !== '.') names.push(name);
  }
  return names;
}

/** A character by which Spark takes the path of an input for a pattern. */
export const wildcard = /[*?[\]{}\\]/;

/** A path as a pattern that only this path matches. */
export function escapedPath(path: string): string {
  return path.replaceAll(new RegExp(wildcard, 'g'), String.raw`\$&`);
}
