import { html, svg, type TemplateResult } from 'lit';
import type { FileFacts } from '../../src/core/table/dataset.ts';
import { formatCount } from '../../src/core/table/format.ts';
import { t } from '../strings.ts';
import type { FactColumn } from './factTable.ts';

/** The number of the file of a row group or batch, if there are several files. */
export function fileColumn<T extends { readonly file: number }>({ files }: FileFacts): FactColumn<T>[] {
  return files.total > 1 ? [{ title: t('File'), number: true, cell: ({ file }) => formatCount(file + 1) }] : [];
}

/** The engine joins the parts of a nested column with commas, but a column name can contain a comma too. */
export function storedName(path: string, columns: readonly { readonly name: string }[]): string {
  const column = columns.find(({ name }) => path === name || path.startsWith(`${name}, `));
  return column ? `${column.name}${path.slice(column.name.length).replaceAll(', ', '.')}` : path;
}

/** Stored bytes in front of the bytes in memory, scaled to the largest value. */
export function sizeBar(stored: number, whole: number): TemplateResult {
  return html`<svg class="size-bar" width="120" height="8" aria-hidden="true">${svg`<rect class="bars faint" width=${Math.max(1, whole * 120)} height="8"></rect><rect class="bars strong" width=${Math.max(1, stored * 120)} height="8"></rect>`}</svg>`;
}
