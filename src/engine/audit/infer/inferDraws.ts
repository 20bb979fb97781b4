import { message } from '../../../core/message/message.ts';
import { sourceOf } from '../../../core/source/sources.ts';
import type { AskedColumn } from '../../../protocol/askedTable.ts';
import type { InferAnswer, InferRequest } from '../../../protocol/infer.ts';
import { hitsByChance } from './byChance.ts';
import { ofEntries } from './ofEntries.ts';
import type { Tables } from '../../tables/tables.ts';
import type { Work } from '../../database/connections.ts';
import { numberIn, optionalNumberIn } from '../../database/numberIn.ts';
import { textColumn } from '../../inputs/columnNames.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import type { AuditWorld } from '../auditWorld.ts';
import { openAudit } from '../openAudit.ts';
import { entryColumn } from '../phases/mix.ts';
import { inferPool } from './inferPool.ts';

const label = message('Inferring how the file was drawn');

/** What the rows of a sample say about the options of its stage. */
export async function inferDraws(request: InferRequest, tables: Tables, work: Work): Promise<InferAnswer> {
  const world = await openAudit(request, tables, work);
  const sources = await sourcesOf(world, work);
  const of = (holds: (source: string) => boolean): readonly string[] =>
    sources.filter(({ source }) => holds(source)).map(({ entry }) => entry);
  const constant = await constantAttributes(world, of(isCorpusPool), work);
  const popularity = [];
  for (const entry of of((source) => source === 'popularity' || source === corpusOnly))
    popularity.push(await inferPool(world, { entry, constant }, work));
  return {
    sources,
    positives: await positivesInLog(world, work),
    popularity,
    byChance: await hitsByChance(world, request.exponent, work),
    constant,
    viewed: await viewedShare(
      world,
      of((source) => source === 'exposed_unclicked'),
      work,
    ),
    unclicked: await unclickedExposures(world, work),
    weights: await weightsOfNegatives(world, work),
  };
}

/** The class of negatives that are in the corpus only. */
const corpusOnly = 'corpus_only';

const isCorpusPool = (source: string): boolean => source === corpusOnly || sourceOf(source)?.draws === 'pool';

async function sourcesOf(world: AuditWorld, work: Work): Promise<InferAnswer['sources']> {
  const { sample } = world;
  const entry = entryColumn(world);
  if (entry === null) return [];
  const source = sample.has('source') ? 'min(source)' : entry;
  const found = await world.rows(
    `SELECT ${entry}, ${source} FROM ${sample.sql} WHERE label = false AND ${entry} IS NOT NULL GROUP BY ${entry} ORDER BY ${entry}`,
    label,
    work,
  );
  return found.map((row) => ({ entry: String(row[0]), source: String(row[1]) }));
}

async function positivesInLog(world: AuditWorld, work: Work): Promise<InferAnswer['positives']> {
  const { sample, inputs } = world;
  const [row] = await world.rows(
    `SELECT count(*), count(e.item) FROM ${sample.sql} s LEFT JOIN (SELECT DISTINCT "user", item FROM ${inputs?.log() ?? ''} WHERE ${world.isPositive()}) e ON e."user" = s."user" AND e.item = s.item WHERE s.label = true`,
    label,
    work,
  );
  return { rows: numberIn(row), inLog: numberIn(row, 1) };
}

/** Chance below which a value that all draws share is not a coincidence: e^−10. */
const CHANCE = -10;
const mostAttributes = 16;

async function constantAttributes(
  world: AuditWorld,
  pools: readonly string[],
  work: Work,
): Promise<InferAnswer['constant']> {
  const { inputs, sample, request, tables } = world;
  const { items } = request.data ?? {};
  if (!inputs || !items || pools.length === 0) return [];
  const roles = new Set(Object.values<AskedColumn>(items.columns).map(({ name }) => name));
  const attributes = tables
    .table(items.ref)
    .columns.filter(({ name, type }) => !roles.has(name) && (type.kind === 'string' || type.kind === 'enum'))
    .map(({ name }) => name)
    .slice(0, mostAttributes);
  const corpus = inputs.corpus({ texts: attributes }) ?? '';
  const found = [];
  for (const attribute of attributes) {
    const value = quoteIdentifier(textColumn(attribute));
    const [row] = await world.rows(
      `WITH items AS MATERIALIZED (SELECT item, min(${value}) AS v FROM ${corpus} WHERE item IS NOT NULL GROUP BY item),
        own AS (SELECT i.v, count(*) AS n FROM ${sample.sql} s JOIN items i ON i.item = s.item WHERE ${ofEntries(world, pools, 's')} GROUP BY i.v)
      SELECT count(*), sum(n), min(v), count(v), (SELECT count(*) FILTER (WHERE v = (SELECT min(v) FROM own)) / count(*) FROM items) FROM own`,
      label,
      work,
    );
    const rows = numberIn(row, 1);
    const share = numberIn(row, 4);
    if (numberIn(row) === 1 && numberIn(row, 3) === 1 && share > 0 && rows * Math.log(share) < CHANCE)
      found.push({ attribute, value: String(row?.[2]), share, rows });
  }
  return found;
}

async function viewedShare(world: AuditWorld, exposed: readonly string[], work: Work): Promise<InferAnswer['viewed']> {
  const { inputs, sample, request } = world;
  if (request.data?.log.impressions.columns.viewed === undefined || exposed.length === 0) return null;
  const positive = world.isPositive();
  const log = `(SELECT "user", item, bool_or(coalesce(viewed, false)) AS viewed, count(*) AS n, count(*) FILTER (WHERE coalesce(viewed, false)) AS seen FROM ${inputs?.log() ?? ''} WHERE NOT ${positive} GROUP BY ALL)`;
  const [row] = await world.rows(
    `SELECT count(*), count(*) FILTER (WHERE l.viewed), (SELECT sum(seen) / sum(n) FROM ${log}) FROM ${sample.sql} s JOIN ${log} l ON l."user" = s."user" AND l.item = s.item WHERE ${ofEntries(world, exposed, 's')}`,
    label,
    work,
  );
  return { rows: numberIn(row), viewed: numberIn(row, 1), share: numberIn(row, 2) };
}

async function unclickedExposures(world: AuditWorld, work: Work): Promise<InferAnswer['unclicked']> {
  const { inputs, request } = world;
  const hasViewed = request.data?.log.impressions.columns.viewed !== undefined;
  const [row] = await world.rows(
    `SELECT count(*), ${hasViewed ? 'count(*) FILTER (WHERE coalesce(viewed, false))' : 'NULL'} FROM ${inputs?.log() ?? ''} WHERE ${world.insideSplit('time')} AND NOT ${world.isPositive()}`,
    label,
    work,
  );
  return { all: numberIn(row), viewed: optionalNumberIn(row, 1) };
}

async function weightsOfNegatives(world: AuditWorld, work: Work): Promise<InferAnswer['weights']> {
  const { sample } = world;
  if (!sample.has('weight')) return null;
  const [row] = await world.rows(`SELECT min(weight), max(weight) FROM ${sample.sql} WHERE label = false`, label, work);
  const [low, high] = [optionalNumberIn(row), optionalNumberIn(row, 1)];
  return low === null || high === null ? null : { low, high };
}
