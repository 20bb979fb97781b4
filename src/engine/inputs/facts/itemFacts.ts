import { message } from '../../../core/message/message.ts';
import type { ItemFacts } from '../../../core/sampling/answers.ts';
import { f64At } from '../../../core/valueAt.ts';
import type { Work } from '../../database/connections.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import { textColumn } from '../columnNames.ts';
import { itemNumbers, type SampledTables } from '../sampledTables.ts';
import type { Popularity } from './bins.ts';

type Texts = Pick<ItemFacts, 'title' | 'attributes'>;

/** Most items whose titles and attributes are cached. */
const MOST = 100_000;

/** Titles and attributes of items. Each is read once. */
export class ItemTexts {
  readonly #known = new Map<number, Texts>();

  /** Facts to display about items, by item number. Items that are not in the corpus have no title and attributes. */
  async facts(
    sampled: SampledTables,
    numbers: readonly number[],
    popularity: Popularity,
    work: Work,
  ): Promise<Map<number, ItemFacts>> {
    const texts = await this.texts(sampled, numbers, work);
    return new Map(
      [...texts].map(([number, own]) => [number, { ...own, percentile: percentileOf(popularity, number) }]),
    );
  }

  /** Titles and attributes alone. */
  async texts(sampled: SampledTables, numbers: readonly number[], work: Work): Promise<Map<number, Texts>> {
    const missing = numbers.filter((number) => !this.#known.has(number));
    if (this.#known.size + missing.length > MOST) this.#known.clear();
    await this.#load(
      sampled,
      numbers.filter((number) => !this.#known.has(number)),
      work,
    );
    return new Map(numbers.map((number) => [number, this.#known.get(number) ?? nothing]));
  }

  async #load(sampled: SampledTables, numbers: readonly number[], work: Work): Promise<void> {
    const { items } = sampled.data;
    if (!items || numbers.length === 0) return;
    const names = [...new Set([...items.attributes, ...(items.title === null ? [] : [items.title])])];
    const columns = names.map((name) => `c.${quoteIdentifier(textColumn(name))}`);
    const corpus = sampled.corpus({ texts: names });
    if (corpus === null || columns.length === 0) return;
    const rows = await sampled.tables.columnar(
      `SELECT n.number, ${columns.join(', ')} FROM ${corpus} c JOIN ${itemNumbers} n ON n.item = c.item WHERE n.number IN (${numbers.join(', ')})`,
      message('Reading the items'),
      work,
    );
    // Only after reading succeeds, so that a cancelled read leaves nothing behind.
    for (const number of numbers) this.#known.set(number, nothing);
    const texts = new Map(names.map((name, k) => [name, rows.texts(k + 1)]));
    rows.unsigned(0).forEach((number, row) => {
      const text = (name: string): string | null => texts.get(name)?.[row] ?? null;
      this.#known.set(number, {
        title: items.title === null ? null : text(items.title),
        attributes: Object.fromEntries(items.attributes.map((name) => [name, text(name)])),
      });
    });
  }
}

const nothing: Texts = { title: null, attributes: {} };

function percentileOf({ percentile, heat }: Popularity, number: number): ItemFacts['percentile'] {
  const at = f64At(percentile, number);
  if (Number.isNaN(at)) return null;
  return f64At(heat, number) === 0 ? 'no events' : at;
}
