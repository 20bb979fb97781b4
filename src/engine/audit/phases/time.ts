import { time, type TimeCounts } from '../../../core/audit/metrics/time.ts';
import { message } from '../../../core/message/message.ts';
import { instantOf } from '../../tables/instant.ts';
import { quoteLiteral } from '../../sql/quote.ts';
import type { Work } from '../../database/connections.ts';
import { numberIn, optionalNumberIn, textIn } from '../../database/numberIn.ts';
import type { AuditWorld } from '../auditWorld.ts';
import { hourCounts, rowsWithin, windowsOf } from '../hourCounts.ts';
import type { Phase } from '../phase.ts';

const label = message('Counting rows by time');

/** Rows by day and hour, and against the windows of the config. */
export const timePhase: Phase = {
  label,
  metrics: ['time'],
  needs: ['time'],
  async run(world, work) {
    const counts = await hourCounts(world, work);
    const { own, other } = windowsOf(world);
    const [row] = await world.rows(
      `SELECT sum(n), sum(n) FILTER (WHERE first IS NULL), CAST(min("local first") AS VARCHAR), CAST(max("local last") AS VARCHAR) FROM ${counts}`,
      label,
      work,
    );
    const days = await world.rows(
      `SELECT CAST(day AS VARCHAR) AS day, sum(n), sum(p) FROM ${counts} WHERE first IS NOT NULL GROUP BY day ORDER BY day`,
      label,
      work,
    );
    const hours = await world.rows(
      `SELECT h, sum(n) FROM ${counts} WHERE first IS NOT NULL GROUP BY h ORDER BY h`,
      label,
      work,
    );
    const [rows, withoutTime] = [numberIn(row, 0), numberIn(row, 1)];
    const cut = world.request.plan?.window.train?.to;
    if (cut !== undefined) {
      const before = await rowsWithin(world, { to: cut }, work);
      world.share('split-times', { params: cut, counts: { rows, before, after: rows - withoutTime - before } });
    }
    return {
      time: time.measure({
        ...(await ages(world, work)),
        rows,
        withoutTime,
        first: textIn(row, 2),
        last: textIn(row, 3),
        outside: own && rows - withoutTime - (await rowsWithin(world, own, work)),
        otherSplit: other && (await rowsWithin(world, other, work)),
        days: days.map((day) => ({ day: textIn(day) ?? '', rows: numberIn(day, 1), positives: numberIn(day, 2) })),
        hours: hours.map((hour) => ({ hour: numberIn(hour, 0), rows: numberIn(hour, 1) })),
        early: await createdLater(world, work),
      }),
    };
  },
};

async function createdLater(world: AuditWorld, work: Work): Promise<number | null> {
  const corpus = world.differentIds('item') === null ? (world.inputs?.corpus() ?? null) : null;
  if (corpus === null || world.inputs?.corpusTimes().has('created') !== true) return null;
  // An item with several rows exists from its first creation; without a time, always.
  const [row] = await world.rows(
    `SELECT count(*) FROM ${world.sample.sql} s JOIN (SELECT item, CASE WHEN count(created) = count(*) THEN min(created) END AS created FROM ${corpus} WHERE item IS NOT NULL GROUP BY item) i ON i.item = s.item WHERE i.created > s."time@to"`,
    label,
    work,
  );
  return numberIn(row);
}

/** How long before the end of the known outcomes the rows are. */
async function ages(world: AuditWorld, work: Work): Promise<Pick<TimeCounts, 'age' | 'immature'>> {
  const { sample, inputs } = world;
  const { plan, timezone } = world.request;
  const text = plan?.split === 'train' ? plan.window.train?.to : plan?.window.knownUntil;
  const logs = [inputs?.log(), plan?.split === 'eval' ? inputs?.clicks() : null].flatMap((log) => log ?? []);
  const newest = logs.map((log) => `SELECT time FROM ${log}`).join(' UNION ALL ');
  const known = text ? endSql(text, timezone) : newest && `(SELECT max(time) FROM (${newest}))`;
  if (plan === null || known === '') return { age: null, immature: null };
  const mature = plan.exposures?.matureAfter ?? null;
  const hours = `date_diff('microsecond', time, k.known) / 3600e6`;
  const young = mature === null ? 'NULL' : `count(*) FILTER (WHERE ${hours} * 3600e6 < ${mature})`;
  const counts = await hourCounts(world, work);
  const [row] = await world.rows(
    `SELECT min(date_diff('microsecond', last, k.known) / 3600e6), max(date_diff('microsecond', first, k.known) / 3600e6) FROM ${counts}, (SELECT ${known} AS known) k WHERE first IS NOT NULL`,
    label,
    work,
  );
  const [old] =
    mature === null
      ? []
      : await world.rows(
          `SELECT ${young} FROM ${sample.sql}, (SELECT ${known} AS known) k WHERE time IS NOT NULL`,
          label,
          work,
        );
  const [youngest, oldest] = [optionalNumberIn(row), optionalNumberIn(row, 1)];
  const p50 = youngest === null ? null : await medianAge(world, hours, known, work);
  return {
    age: youngest === null || p50 === null || oldest === null ? null : { youngest, p50, oldest },
    immature: mature === null ? null : numberIn(old),
  };
}

/** The median of the ages; `age`: SQL of the age of a row. Only the rows of the hour that has it are sorted. */
async function medianAge(world: AuditWorld, age: string, known: string, work: Work): Promise<number | null> {
  const [hour] = await world.rows(
    `WITH hours AS (SELECT first, last, n, sum(n) OVER younger AS upto, sum(n) OVER () AS rows, last > lag(first) OVER younger AS mixed
        FROM ${await hourCounts(world, work)} WHERE isfinite(first) AND isfinite(last) WINDOW younger AS (ORDER BY last DESC))
    SELECT ceil(rows / 2) - (upto - n), CAST(first AS VARCHAR), CAST(last AS VARCHAR), (SELECT bool_or(mixed) FROM hours) FROM hours WHERE upto >= ceil(rows / 2) ORDER BY upto LIMIT 1`,
    label,
    work,
  );
  if (hour === undefined) return null;
  const of = (inside: string): string =>
    `(SELECT ${age} AS age FROM ${world.sample.sql}, (SELECT ${known} AS known) k WHERE ${inside})`;
  const at = (column: number): string => `TIMESTAMP ${quoteLiteral(textIn(hour, column) ?? '')}`;
  // Where clocks are set back, two hours of UTC are one local hour.
  const select =
    hour[3] === true
      ? `SELECT quantile_disc(age, 0.5) FROM ${of('time IS NOT NULL')}`
      : `SELECT age FROM ${of(`time BETWEEN ${at(1)} AND ${at(2)}`)} ORDER BY age LIMIT 1 OFFSET ${numberIn(hour) - 1}`;
  const [found] = await world.rows(select, label, work);
  return optionalNumberIn(found);
}

/** SQL of the last instant of a day or time of the config. */
function endSql(text: string, timezone: string): string {
  return instantOf(quoteLiteral(text), { kind: 'string' }, { timezone, name: 'window' }).to;
}
