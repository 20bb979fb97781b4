import { setImmediate } from 'node:timers/promises';
import type { Answers } from '../../core/data/facts.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { SampledDistance } from '../../core/statistics/chanceDivergence.ts';
import { sumOf } from '../../core/statistics/itemCounts.ts';
import { jsDivergence } from '../../core/statistics/jsDivergence.ts';
import { f64At, valueAt } from '../../core/valueAt.ts';
import type { AskedQuestion } from '../../protocol/answers.ts';
import type { OpenDatasets } from '../answers/openDatasets.ts';
import type { Work } from '../database/connections.ts';
import { expectedDistribution, stageInput } from '../inputs/facts/expected.ts';
import { exposureCount } from '../inputs/facts/facts.ts';
import type { Sampling } from '../preview/openSamplingData.ts';
import { entryRole } from '../tables/rowNames.ts';
import { countByEntry } from './fileItemCounts.ts';
import { readFileItems, type FileItems } from './fileItems.ts';

type DistanceQuestion = AskedQuestion<'item-distances'>;

/** With 19 random samples, a distance above all of them happens by chance in 1 of 20 cases. */
const RANDOM_SAMPLES = 19;
/** Limits the work: the larger the input, the fewer random samples. */
const MAX_DRAWN_ITEMS = 20e6;

/** Compares the items of the file's negatives with the stage input and with the mix that the config produces. */
export async function itemDistances(
  question: DistanceQuestion,
  datasets: OpenDatasets,
  work: Work,
): Promise<Answers['item-distances']> {
  const { samples, requests } = question;
  const file = await datasets.asked([samples.ref], work, async (tables) => await readFileItems(tables, question, work));
  const request = requests.find(({ plan }) => plan.split === file.split) ?? requests[0];
  if (request === undefined) throw new Error('no split of the stage can be drawn');
  return await (
    await datasets.samplingData()
  ).use(request, work, async (sampling) => await compareDistributions(question, request.plan, file, sampling, work));
}

async function compareDistributions(
  { samples }: DistanceQuestion,
  plan: StagePlan,
  file: FileItems,
  { data, sampled }: Sampling,
  work: Work,
): Promise<Answers['item-distances']> {
  const windows = await data.worlds.windows(sampled, plan, work);
  const world = await data.worlds.world(sampled, plan, work, data.facts.counts(plan, windows));
  const expecting = data.facts.expecting(sampled, plan, world, work);
  const input = await stageInput(expecting, work);
  const noDistances = { input: 0, unreachable: 0, observed: null, expected: null, chance: null, exposures: null };
  const { largest } = file;
  if (input === null) return { ...noDistances, largest };
  const fileCounts = countByEntry(file, plan, world, entryRole(samples));
  const inputItems = input.filter((weight) => weight > 0).length;
  // The file has an entry that the config lacks, so the two do not belong together.
  if (fileCounts.hasUnknownEntry) return { ...noDistances, input: inputItems, largest };
  const expected: Float64Array[] = [];
  for (const index of plan.entries.keys()) expected.push(await expectedDistribution(index, expecting, work));
  const [exposures] = await data.worlds.counts(sampled, [exposureCount(world)], work);
  const mix = fileCounts.byEntry === null ? configuredMix(plan, expected) : fileMix(plan, expected, fileCounts.byEntry);
  const reaching = plan.inBatch === null ? expected : [...expected, await expecting.positives()];
  const isReached = (item: number): boolean => reaching.some((shares) => f64At(shares, item) > 0);
  let unreachable = 0;
  for (let item = 0; item < input.length; item++) if (f64At(input, item) !== 0 && !isReached(item)) unreachable++;
  const distances = await sampledDistances({ mix, input, rows: sumOf(fileCounts.all) }, work);
  return {
    input: inputItems,
    unreachable,
    observed: jsDivergence(fileCounts.all, withUnknownItems(input)),
    expected: distances.length === 0 ? null : sumOf(Float64Array.from(distances)) / distances.length,
    chance: distances.length === 0 ? null : [Math.min(...distances), Math.max(...distances)],
    exposures: exposures ? jsDivergence(exposures, input) : null,
    largest,
  };
}

/** Appends a zero weight for unknown items. */
function withUnknownItems(weights: Float64Array): Float64Array {
  const padded = new Float64Array(weights.length + 1);
  padded.set(weights);
  return padded;
}

/** The mix of the config if every entry fills its quota. */
function configuredMix({ entries, amounts }: StagePlan, expected: readonly Float64Array[]): Float64Array {
  return weightedSum(
    expected,
    entries.map(({ amount }) => (amounts.kind === 'none' ? 1 : amount)),
  );
}

/** The mix with the row counts of the file. List entries keep the file's rows, because only the log determines them. */
function fileMix(
  { entries }: StagePlan,
  expected: readonly Float64Array[],
  fileRows: readonly Float64Array[],
): Float64Array {
  const distributions = expected.map((shares, index) =>
    entries[index]?.draws.kind === 'list' ? (fileRows[index] ?? shares) : shares,
  );
  return weightedSum(
    distributions,
    fileRows.map((rows) => sumOf(rows)),
  );
}

function weightedSum(distributions: readonly Float64Array[], amounts: readonly number[]): Float64Array {
  const all = new Float64Array(Math.max(0, ...distributions.map(({ length }) => length)));
  for (const [index, shares] of distributions.entries()) {
    const total = sumOf(shares);
    if (total === 0) continue;
    const scale = valueAt(amounts, index) / total;
    for (let item = 0; item < shares.length; item++) all[item] = f64At(all, item) + scale * f64At(shares, item);
  }
  return all;
}

/** Distances between the input and random samples of the expected mix. */
async function sampledDistances(
  { mix, input, rows }: { readonly mix: Float64Array; readonly input: Float64Array; readonly rows: number },
  { signal }: Work,
): Promise<number[]> {
  const distances: number[] = [];
  const repeats = Math.max(1, Math.min(RANDOM_SAMPLES, Math.floor(MAX_DRAWN_ITEMS / Math.max(1, input.length))));
  const sampler = new SampledDistance(mix, rows, mix.length === input.length ? input : withUnknownItems(input));
  for (let seed = 0; seed < repeats; seed++) {
    await setImmediate();
    signal?.throwIfAborted();
    const distance = sampler.distance(seed);
    if (distance !== null) distances.push(distance);
  }
  return distances;
}
