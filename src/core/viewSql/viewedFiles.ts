import type { Column } from '../table/dataset.ts';
import type { Format } from '../table/sampleName.ts';

/** The files of a view. */
export interface ViewedFiles {
  /** Absolute path, or a pattern. */
  readonly path: string;
  readonly format: Format;
  /** One of the files; equal to `path` for a single file. */
  readonly first: string;
  readonly columns: readonly Pick<Column, 'name' | 'type' | 'partition'>[];
  /** Syntax of CSV and TSV files; null for other formats. */
  readonly text: { readonly delimiter: string; readonly quote: string; readonly header: boolean } | null;
}

/** How an engine finds the files: a single file, a pattern of the user, or a folder with its subfolders. */
export interface FilePattern {
  readonly isFile: boolean;
  /** The path of the file, the pattern, or the path of the folder without a separator at its end. */
  readonly root: string;
  /** For a folder: the extension of its files, such as `.csv.gz`. Null for a single file and for a pattern. */
  readonly ending: string | null;
}

export function filePattern({ path, first }: Pick<ViewedFiles, 'path' | 'first'>): FilePattern {
  if (path === first) return { isFile: true, root: path, ending: null };
  const root = path.replace(/[\\/]+$/, '');
  if (!/^[\\/]/.test(first.slice(root.length)) || !first.startsWith(root))
    return { isFile: false, root: path, ending: null };
  const name = first.slice(Math.max(first.lastIndexOf('/'), first.lastIndexOf('\\')) + 1);
  return { isFile: false, root, ending: /\.[^.]*(?:\.(?:gz|zst|zstd))?$/i.exec(name)?.[0] ?? '' };
}
