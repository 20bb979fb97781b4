import { jsDivergence } from '../../../core/statistics/jsDivergence.ts';
import type { StagePlan } from '../../../core/sampling/plan/stagePlan.ts';
import type { Work } from '../../database/connections.ts';
import { Kept } from '../kept.ts';
import { type SampledTables, itemNumbers } from '../sampledTables.ts';
import { countKey, type CountOf } from '../world/counts.ts';
import { extractedCounts } from '../world/extracted.ts';
import type { LoadedWorld, Worlds } from '../world/loadedWorld.ts';
import type { Windows } from '../world/windows.ts';
import { popularityOf, type Popularity } from './bins.ts';
import { dependsOnPositives, expectedDistribution, stageInput, unclickedOf, type Expecting } from './expected.ts';
import { CountedPositives, type Remaining } from './positiveCounts.ts';
import { groupKey, type GroupFacts } from './groupFacts.ts';
import { message } from '../../../core/message/message.ts';
import type { ItemFacts } from '../../../core/sampling/answers.ts';
import { f64At } from '../../../core/valueAt.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import { textColumn } from '../columnNames.ts';

/** Distances to the input of the stage: Jensen–Shannon divergence in bits, from 0 (equal) to 1. Null if not defined. */
export interface Distances {
  /** Null if the input of the stage is the exposures. */
  readonly ofExposures: number | null;
  /** By entry, for its expected distribution over items. */
  readonly ofEntries: readonly (number | null)[];
  /** Of further negatives, given their distribution over items. Equal keys are loaded only once. */
  readonly of: (negatives: {
    readonly key: string;
    readonly load: () => Promise<Float64Array>;
  }) => Promise<number | null>;
}

/** Facts about all users, for one data set. They are cached by what they depend on. Allows one call at a time. */
export class Facts {
  readonly texts = new ItemTexts();
  readonly #popularity = new Kept<Popularity>(4);
  readonly #inputs = new Kept<Float64Array | 'exposures'>(4);
  readonly #positives = new CountedPositives();
  readonly #distances = new Kept<number | 'undefined'>(64);

  /** @param remaining the positives that remain in a sample; null if all do */
  constructor(
    private readonly worlds: Worlds,
    private readonly remaining: (
      input: Pick<Expecting, 'sampled' | 'plan' | 'world'>,
      work: Work,
    ) => Remaining | null = () => null,
  ) {}

  /** The log counts that the facts of a plan need. */
  counts(plan: StagePlan, windows: Windows): CountOf[] {
    const unclicked = plan.entries.flatMap(({ draws }) =>
      draws.kind === 'list' && draws.rows.of === 'exposures' ? [unclickedOf(draws.rows, plan, windows)] : [],
    );
    return [heatOf(plan, windows), ...(plan.stage === 'fine_ranking' ? [] : [exposureCount(windows), ...unclicked])];
  }

  async groups(sampled: SampledTables, plan: StagePlan, world: LoadedWorld, work: Work): Promise<GroupFacts> {
    return await this.#positives.groups(sampled, plan, world, work);
  }

  /** The training positives by item, for `downsample_hot` in both splits. Null without it. */
  async hot(
    sampled: SampledTables,
    plan: StagePlan,
    world: LoadedWorld,
    work: Work,
  ): Promise<{ readonly counts: Float64Array; readonly total: number } | null> {
    if (plan.positives.hotThreshold === null) return null;
    const { extract } = sampled.data;
    if (extract) {
      const found = await extractedCounts(sampled, extract.trainingPositives, world.items.count, work);
      return { counts: found.counts, total: found.positives };
    }
    const training = plan.split === 'train' ? world : { ...world, split: world.train, knownUntil: world.train.to };
    const { positives, groups } = await this.groups(sampled, { ...plan, split: 'train' }, training, work);
    return { counts: positives, total: groups };
  }

  /** Based on the rows with any positive event, up to the cut. */
  async popularity(sampled: SampledTables, plan: StagePlan, world: LoadedWorld, work: Work): Promise<Popularity> {
    const count = heatOf(plan, world);
    return await this.#popularity.get(countKey(sampled, count), async () => {
      const [heat] = await this.worlds.counts(sampled, [count], work);
      return popularityOf(world.items, heat ?? new Float64Array(world.items.count));
    });
  }

  /** Input of the computations about all users, with the positives that remain in a sample. */
  expecting(sampled: SampledTables, plan: StagePlan, world: LoadedWorld, work: Work): Expecting {
    const remaining = this.remaining({ sampled, plan, world }, work);
    const counts =
      remaining === null
        ? this.#positives.all(sampled, plan, world, work)
        : this.#positives.remaining(remaining, sampled, world.items.count, work);
    return { sampled, plan, world, worlds: this.worlds, ...counts };
  }

  async distances(sampled: SampledTables, plan: StagePlan, world: LoadedWorld, work: Work): Promise<Distances> {
    const expecting = this.expecting(sampled, plan, world, work);
    const none: Distances = {
      ofExposures: null,
      ofEntries: plan.entries.map(() => null),
      of: () => Promise.resolve(null),
    };
    const base = JSON.stringify([plan.stage, String(world.train.from), String(world.train.to)]);
    const input = await this.#inputs.get(base, async () => (await stageInput(expecting, work)) ?? 'exposures');
    if (input === 'exposures') return none;
    const [exposures] = await this.worlds.counts(sampled, [exposureCount(world)], work);
    if (!exposures) return none;
    const of: Distances['of'] = async ({ key, load }) => {
      const one = await this.#distances.get(
        JSON.stringify([base, key]),
        async () => jsDivergence(await load(), input) ?? 'undefined',
      );
      return one === 'undefined' ? null : one;
    };
    const remaining = this.remaining(expecting, work)?.key ?? null;
    const ofEntries: (number | null)[] = [];
    for (const [k, { draws }] of plan.entries.entries()) {
      const counted =
        draws.kind === 'pool' && draws.weight !== null && draws.weight.count !== 'exposures'
          ? sampled.eventKey(draws.weight.count.of)
          : null;
      ofEntries.push(
        await of({
          key: JSON.stringify([
            groupKey(sampled, plan, world),
            draws,
            counted,
            dependsOnPositives(k, expecting) ? remaining : null,
          ]),
          load: async () => await expectedDistribution(k, expecting, work),
        }),
      );
    }
    return { ofExposures: await of({ key: 'exposures', load: () => Promise.resolve(exposures) }), ofEntries, of };
  }
}

/** The count that defines how hot an item is: rows with any positive event, up to the cut. */
function heatOf({ positives: { events } }: StagePlan, { train }: Windows): CountOf {
  return { any: events.map(({ name }) => name), from: -Infinity, to: train.to };
}

/** The count of the exposures in the training window. */
export function exposureCount({ train }: Windows): CountOf {
  return { any: ['impressions'], ...train };
}

type Texts = Pick<ItemFacts, 'title' | 'attributes'>;

/** Most items whose titles and attributes are cached. */
const MAX_KNOWN = 100_000;

/** Titles and attributes of items. Each is read once. */
class ItemTexts {
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
    if (this.#known.size + missing.length > MAX_KNOWN) this.#known.clear();
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
