import type { Column } from './dataset.ts';
import { snakeCase } from './snakeCase.ts';

/** Common names of title columns, in order of preference. */
const titleNames = [
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

/** Names with the kind of the item: `movie_title`, `hotel_name`. `city_name` does not match. */
const titleOfKind =
  /(^|_)title$|^(app|article|book|game|hotel|house|listing|movie|news|room|shop|sku|song|store|track)_name$/;

/**
 * The text column with the title of an item; null if the file has none. `ids`: names of id columns, which are skipped.
 */
export function titleColumn(columns: readonly Pick<Column, 'name' | 'type'>[], ids: readonly string[]): string | null {
  const texts = columns.filter(
    ({ name, type }) => (type.kind === 'string' || type.kind === 'enum') && !ids.includes(name),
  );
  for (const title of titleNames) {
    const column = texts.find(({ name }) => snakeCase(name) === title);
    if (column) return column.name;
  }
  return texts.find(({ name }) => titleOfKind.test(snakeCase(name)))?.name ?? null;
}
