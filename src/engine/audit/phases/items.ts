import { setImmediate } from 'node:timers/promises';
import { chanceDivergence } from '../../../core/audit/chanceDivergence.ts';
import type { ItemCounts, StageInput } from '../../../core/audit/itemCounts.ts';
import { sumOf } from '../../../core/audit/itemCounts.ts';
import { jsDivergence } from '../../../core/audit/jsDivergence.ts';
import { concentration } from '../../../core/audit/metrics/concentration.ts';
import { inBatch } from '../../../core/audit/metrics/inBatch.ts';
import { coverage } from '../../../core/audit/metrics/coverage.ts';
import { divergence } from '../../../core/audit/metrics/divergence.ts';
import { popularity } from '../../../core/audit/metrics/popularity.ts';
import { psi } from '../../../core/audit/metrics/psi.ts';
import { message, type Message } from '../../../core/message/message.ts';
import type { Work } from '../../database/connections.ts';
import type { AuditWorld } from '../auditWorld.ts';
import type { Phase } from '../phase.ts';

const label = message('Counting items');
/** With 19 random samples, a distance above all of them happens by chance in 1 of 20 cases. */
const samples = 19;
/** Larger inputs have fewer random samples, because each item is drawn in each of them. */
const drawnItems = 40e6;

/** The items of the sample and of its inputs, and every metric that compares their distributions. */
export const itemsPhase: Phase = {
  label,
  metrics: ['popularity', 'divergence', 'coverage', 'concentration', 'psi', 'in_batch'],
  lacks: ({ sample }) => (sample.hasLabel() ? null : message('there is no label column')),
  async run(world, work) {
    const { counts, idAt, lacks } = await itemCounts(world, work);
    const { input, inputName, negatives } = counts;
    const batchSize = world.request.plan?.inBatch?.batchSize ?? null;
    const hits = inBatch.of({ positives: counts.positives, batchSize });
    if (input === null || inputName === null) {
      const because = lacks ?? message('it needs a config: give {0}', '--config');
      return {
        popularity: popularity.of(counts),
        divergence: { because },
        coverage: { because },
        concentration: concentration.of(counts),
        psi: { because },
        in_batch: hits,
      };
    }
    const compared = { popularity: counts.popularity, negatives, input, inputName };
    return {
      popularity: popularity.of(counts),
      divergence: divergence.of({
        observed: jsDivergence(negatives, input),
        chance: await byChance(input, sumOf(negatives), work),
        exposures: counts.exposures && jsDivergence(counts.exposures, input),
        inputName,
      }),
      coverage: coverage.of({ ...compared, idAt }),
      concentration: concentration.of(counts),
      psi: psi.of(compared),
      in_batch: hits,
    };
  },
};

async function byChance(input: Float64Array, size: number, { signal }: Work): Promise<number[]> {
  const found: number[] = [];
  const repeats = Math.max(1, Math.min(samples, Math.floor(drawnItems / Math.max(1, input.length))));
  for (let seed = 0; seed < repeats; seed++) {
    await setImmediate();
    signal?.throwIfAborted();
    const distance = chanceDivergence(input, size, seed);
    if (distance !== null) found.push(distance);
  }
  return found;
}

interface FoundItems {
  readonly counts: ItemCounts;
  readonly idAt: (index: number) => string | null;
  /** Why the input is not known. */
  readonly lacks: Message | null;
}

/** Counts of all items of the sample, the log, the corpus and the candidates. */
async function itemCounts(world: AuditWorld, work: Work): Promise<FoundItems> {
  const { sample, tables } = world;
  const parts = [
    {
      name: 's',
      sql: `SELECT item, count(*) FILTER (WHERE label = true) AS p, count(*) FILTER (WHERE label = false) AS n FROM ${sample.sql} WHERE item IS NOT NULL GROUP BY item`,
    },
  ];
  const lacks = world.lacksInputs() ?? world.differentIds('item');
  const inputs = lacks === null ? world.inputs : null;
  const input = inputs === null ? null : world.stageInput();
  if (inputs) {
    const positive = world.isPositive();
    parts.push({
      name: 'l',
      sql: `SELECT item, count(*) FILTER (WHERE ${world.insideSplit('time')}) AS e, count(*) FILTER (WHERE ${positive} AND ${world.beforeCut('time')}) AS c FROM ${inputs.log()} GROUP BY item`,
    });
    const corpus = input === 'corpus' ? inputs.corpus() : null;
    if (corpus !== null)
      parts.push({
        name: 'i',
        sql: `SELECT item, 1 AS i FROM ${corpus} WHERE listed AND item IS NOT NULL GROUP BY item`,
      });
    const candidates = input === 'candidates' ? inputs.candidates() : null;
    if (candidates !== null) {
      const inside = world.request.data?.candidates?.columns.time ? world.insideSplit('time') : 'true';
      parts.push({
        name: 'k',
        sql: `SELECT item, count(*) AS i FROM (SELECT DISTINCT request, item FROM ${candidates} WHERE ${inside}) GROUP BY item`,
      });
    }
  }
  const of = (column: string, table: string): string =>
    parts.some(({ name }) => name === table) ? `CAST(coalesce(${column}, 0) AS DOUBLE)` : 'CAST(0 AS DOUBLE)';
  const counted = input === 'exposures' ? of('e', 'l') : input === 'candidates' ? of('k.i', 'k') : of('i.i', 'i');
  const order = inputs ? of('c', 'l') : of('p', 's');
  const joined = parts
    .map(({ name, sql }, k) => (k === 0 ? `(${sql}) ${name}` : `FULL JOIN (${sql}) ${name} USING (item)`))
    .join(' ');
  const found = await tables.columnar(
    `SELECT ${order} AS popular, ${of('p', 's')}, ${of('n', 's')}, ${counted}, ${of('e', 'l')}, CAST(item AS VARCHAR) FROM ${joined} ORDER BY popular DESC, item`,
    label,
    work,
  );
  const numbers = (column: number): Float64Array => found.numbers(column);
  return {
    counts: {
      popularity: numbers(0),
      positives: numbers(1),
      negatives: numbers(2),
      input: input === null ? null : numbers(3),
      exposures: inputs === null ? null : numbers(4),
      inputName: input,
      fromLog: inputs !== null,
    },
    idAt: (index) => found.text(5, index),
    lacks:
      lacks ??
      (input === null ? message('the config has no {0}, which is the input of this stage', missing(world)) : null),
  };
}

function missing({ request }: AuditWorld): string {
  const input: StageInput = request.plan?.stage === 'coarse_ranking' ? 'candidates' : 'corpus';
  return input === 'corpus' ? 'data.items' : 'data.candidates';
}
