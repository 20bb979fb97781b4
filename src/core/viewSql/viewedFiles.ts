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
  /** How a text file is written; null for other formats. */
  readonly text: { readonly delimiter: string; readonly quote: string; readonly header: boolean } | null;
}

/**
 * How an engine finds the files. `root` and `ending`: of a folder with its files and folders; null for one file and for
 * a pattern of the user.
 */
export interface FilePattern {
  readonly isFile: boolean;
  /** The path itself, or the folder without a separator at its end. */
  readonly root: string;
  /** Of the names of files in a folder, such as `.csv.gz`; null for one file and for a pattern of the user. */
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
