import type { Column } from './dataset.ts';
import { snakeCase } from './snakeCase.ts';

/** Names of title columns in catalogues, the most telling first. */
const names = [
  'title',
  'item_title',
  'item_name',
  'product_title',
  'product_name',
  'goods_name',
  'video_title',
  'name',
  'headline',
  'display_name',
  'caption',
  'subject',
  '标题',
  '名称',
  '商品名称',
];

/**
 * `movie_title`, `hotel_name`: title columns for kinds of listed items. The name of something else, such as a city, is
 * not a title.
 */
const ofKind =
  /(^|_)title$|^(app|article|book|game|hotel|house|listing|movie|news|room|shop|sku|song|store|track)_name$/;

/**
 * The text column with the title of an item; null if the file has none. `ids`: columns that are ids, under any name.
 */
export function titleColumn(columns: readonly Pick<Column, 'name' | 'type'>[], ids: readonly string[]): string | null {
  const texts = columns.filter(
    ({ name, type }) => (type.kind === 'string' || type.kind === 'enum') && !ids.includes(name),
  );
  for (const wanted of names) {
    const found = texts.find(({ name }) => snakeCase(name) === wanted);
    if (found) return found.name;
  }
  return texts.find(({ name }) => ofKind.test(snakeCase(name)))?.name ?? null;
}
