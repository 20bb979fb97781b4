import { ARRAY, FLOAT, VARCHAR, type DuckDBConnection } from '@duckdb/node-api';
import ddb from '@duckdb/node-bindings';
import { BulkGenerator } from '../../core/sampling/rng.ts';
import { Block, copyWords, setWords } from '../../../examples/demo/block.ts';
import { Embeddings } from '../../../examples/demo/embeddings.ts';
import { categories, cities } from '../../../examples/demo/places.ts';
import { title } from '../../../examples/demo/titles.ts';
import type { World } from '../../../examples/demo/world.ts';
import { f64At, i16At, i32At, u8At, valueAt } from '../../core/valueAt.ts';
import { BlockAppender, type ExtraColumn } from '../database/blockAppender.ts';

const rowsPerBlock = 2048;

/** Fills the table `items`. `item` is the index in the corpus; `city` and `category` are indices into places.ts. */
export async function writeItems(world: World, connection: DuckDBConnection): Promise<void> {
  const { items, scale, seedText } = world;
  const block = new Block(
    {
      item: 'int32',
      item_id: 'int64',
      city: 'int16',
      category: 'int16',
      status: 'int8',
      created_at: 'timestamp',
      removed_at: 'timestamp',
      price: 'decimal9_2',
      rating: 'int16',
      reviews: 'int32',
    },
    rowsPerBlock,
  );
  let first = 0;
  const titles = new BulkGenerator(`${seedText}/titles`);
  const titleColumn: ExtraColumn = {
    name: 'title',
    type: VARCHAR,
    fill(vector, from, count) {
      for (let k = 0; k < count; k++) {
        const item = first + from + k;
        const city = cities[u8At(items.city, item)];
        const category = categories[u8At(items.category, item)];
        if (city !== undefined && category !== undefined)
          ddb.vector_assign_string_element(vector, k, title(titles, city, category));
      }
    },
  };
  const embeddings = new Embeddings(items, scale.dimensions, seedText);
  const vectors = new Float32Array(rowsPerBlock * scale.dimensions);
  const embeddingColumn: ExtraColumn = {
    name: 'item_emb',
    type: ARRAY(FLOAT, scale.dimensions),
    fill(vector, from, count) {
      for (let k = 0; k < count; k++) embeddings.write(first + from + k, vectors, k * scale.dimensions);
      ddb.copy_data_to_vector(ddb.array_vector_get_child(vector), 0, vectors.buffer, 0, count * scale.dimensions * 4);
    },
  };
  const appender = await BlockAppender.create(connection, 'items', block.columns, [titleColumn, embeddingColumn]);
  const to = block.data;
  for (first = 0; first < items.count; first += rowsPerBlock) {
    const count = Math.min(rowsPerBlock, items.count - first);
    for (let row = 0; row < count; row++) {
      const item = first + row;
      to.item[row] = item;
      copyWords(to.item_id, row, items.id, item);
      to.city[row] = u8At(items.city, item);
      to.category[row] = u8At(items.category, item);
      to.status[row] = valueAt(items.status, item);
      setWords(to.created_at, row, f64At(items.created, item));
      const removed = f64At(items.removed, item);
      setWords(to.removed_at, row, Number.isFinite(removed) ? removed : 0);
      to.price[row] = i32At(items.cents, item);
      to.rating[row] = i16At(items.rating, item);
      to.reviews[row] = i32At(items.reviews, item);
    }
    block.length = count;
    appender.append(block);
  }
  appender.close();
}

/** Fills the table `users`. `region` and `activity` are indices. */
export async function writeUsers(world: World, connection: DuckDBConnection): Promise<void> {
  const { users } = world;
  const block = new Block(
    { user_id: 'int64', region: 'int8', activity: 'int8', registered: 'int32', born: 'int16' },
    users.count,
  );
  const to = block.data;
  for (let u = 0; u < users.count; u++) {
    copyWords(to.user_id, u, users.id, u);
    to.region[u] = u8At(users.region, u);
    to.activity[u] = valueAt(users.activity, u);
    to.registered[u] = i32At(users.registered, u);
    to.born[u] = i16At(users.born, u);
  }
  block.length = users.count;
  const appender = await BlockAppender.create(connection, 'users', block.columns);
  appender.append(block);
  appender.close();
}
