import type { Column } from './dataset.ts';

/** Names under which catalogues keep what people call an item, the most telling first. */
const names = ['title', 'item_title', 'item_name', 'product_title', 'product_name', 'goods_name', 'video_title', 'name', 'headline', 'display_name', 'caption', 'subject', '标题', '名称', '商品名称'];

/** The text column that names an item for people; null where the file has none. `ids`: columns that are ids, whatever their names. */
export function titleColumn(columns: readonly Pick<Column, 'name' | 'type'>[], ids: readonly string[]): string | null {
  const texts = columns.filter(({ name, type }) => (type.kind === 'string' || type.kind === 'enum') && !ids.includes(name));
  for (const wanted of names) {
    const found = texts.find(({ name }) => name.toLowerCase() === wanted);
    if (found) return found.name;
  }
  return null;
}
