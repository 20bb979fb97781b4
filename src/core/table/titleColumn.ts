import type { Column } from './dataset.ts';
import { snakeCase } from './snakeCase.ts';

/** Names under which catalogues keep what people call an item, the most telling first. */
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
 * `movie_title`, `hotel_name`: names that a catalogue gives to what it lists. A name of something else, such as a city,
 * is no title.
 */
const ofKind =
  /(^|_)title$|^(app|article|book|game|hotel|house|listing|movie|news|room|shop|sku|song|store|track)_name$/;

/**
 * The text column that names an item for people; null where the file has none. `ids`: columns that are ids, whatever
 * their names.
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
