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

/** A pattern for the files of a folder; the path itself if it is a file or a pattern. */
export function filePattern({ path, first }: ViewedFiles): string {
  if (path === first || /[*?[{]/.test(path)) return path;
  const name = first.slice(Math.max(first.lastIndexOf('/'), first.lastIndexOf('\\')) + 1);
  const ending = /\.[^.]*(?:\.(?:gz|zst|zstd))?$/i.exec(name)?.[0] ?? '';
  return `${path.replace(/[\\/]+$/, '')}/**/*${ending}`;
}
