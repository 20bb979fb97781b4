import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { starterConfig, type StarterRequest } from '../../src/core/config/starter.ts';
import {
  inputsOf,
  likeness,
  rangedColumns,
  type StarterDataset,
  type StarterFile,
} from '../../src/core/config/starterData.ts';
import { stages, type Stage } from '../../src/core/schema/stage.ts';
import { presetNames } from '../../src/core/policy/presets.ts';
import { render } from '../../src/core/message/message.ts';
import { translator } from '../../src/core/message/translator.ts';
import { everything } from '../../src/core/table/filter.ts';
import { shown } from '../unit/lintCase.ts';
import { engine, folder, opened, ref } from './fixture.ts';
import { demo, lintOn, notRun, writeDemoBefore } from './lintDemo.ts';

writeDemoBefore();

/**
 * A data set as the command *New Ratio Config* passes it: columns, roles, and the ranges of times, labels and scores.
 */
async function starterFile(root: string, file: string): Promise<StarterFile> {
  const place = path.join(root, file);
  const { columns, format } = await opened(place);
  const names = rangedColumns(columns);
  const written = `../${file}`;
  if (format === 'parquet')
    return {
      path: written,
      columns,
      textual: false,
      ranges: (await engine.call('metadata', { ref: ref(place), columns: names })).ranges,
    };
  const { columns: profiles } = await engine.call('profile', {
    ref: ref(place),
    view: everything,
    columns: names.map((name) => columns.findIndex((column) => column.name === name)),
    depth: 'base',
  });
  return {
    path: written,
    columns,
    textual: true,
    ranges: Object.fromEntries(
      profiles.flatMap(({ name, min, max }) =>
        min === null || max === null ? [] : [[name, { min: String(min), max: String(max) }]],
      ),
    ),
  };
}

async function request(
  root: string,
  chosen: readonly Stage[],
  files: Partial<Record<StarterDataset, string>>,
): Promise<StarterRequest> {
  const data: Partial<Record<StarterDataset, StarterFile>> = {};
  for (const { name } of inputsOf(chosen))
    if (files[name] !== undefined) data[name] = await starterFile(root, files[name]);
  return { stages: chosen, data, seed: 'spring' };
}

const english = (text: Parameters<typeof render>[0]): string => render(text);
const demoFiles = {
  impressions: 'data/impressions',
  items: 'data/items.parquet',
  users: 'data/users.parquet',
  candidates: 'data/candidates',
  rejections: 'data/rejections.parquet',
};

/** There is no finding, and every rule that applies ran. */
async function isClean(text: string, root: string): Promise<void> {
  for (const preset of presetNames) {
    const linted = await lintOn(text, { root, path: 'configs/new.ratio.yaml', preset });
    assert.deepEqual(shown(linted.findings.filter(({ severity }) => severity !== 'info')), [], text);
    assert.deepEqual(notRun(linted), [], text);
  }
}

const combinations: readonly (readonly Stage[])[] = [...stages.map((stage) => [stage]), stages];

describe('a new config on the demo', () => {
  for (const chosen of combinations) {
    test(`${chosen.join(' and ')}: clean with the data, under both presets`, async () => {
      await isClean(starterConfig(await request(demo, chosen, demoFiles), english), demo);
    });
  }

  test('with the needed data alone it is clean as well', async () => {
    for (const stage of stages) {
      const needed = Object.fromEntries(
        inputsOf([stage])
          .filter(({ needed: must }) => must)
          .map(({ name }) => [name, demoFiles[name]]),
      );
      await isClean(starterConfig(await request(demo, [stage], needed), english), demo);
    }
  });

  test('it reads the days, the event, the roles and the attributes off the files', async () => {
    const text = starterConfig(await request(demo, ['recall'], demoFiles), english);
    assert.match(
      text,
      /\n {2}impressions: {3}# the exposure log: one row per shown item\n {4}path: \.\.\/data\/impressions\n {4}columns: \{user: user_id, item: item_id, time: ts, request: request_id, position: position, viewed: is_viewed\} {3}# recognised by their names and types; check them\n/,
    );
    assert.match(text, /\n {2}click: is_click\n/);
    assert.match(
      text,
      /\n {2}train: \{from: 2026-\d\d-\d\d, to: 2026-\d\d-\d\d\}\n {2}eval: \{from: (2026-\d\d-\d\d), to: \1\}\n/,
    );
    assert.match(text, /attributes: \[region, activity\]/);
    assert.match(text, /same_city: \{source: same_attribute, match: \[city\], share: 0\.05\}/);
  });

  test('every key that is no list of names has its comment, and comments are of the reader’s language', async () => {
    const asked = await request(demo, stages, demoFiles);
    const [text, chinese] = [
      starterConfig(asked, english),
      starterConfig(asked, (one) => render(one, translator('zh-cn'))),
    ];
    const commented = text.split('\n').filter((line) => line.includes('#')).length;
    assert.ok(commented >= 25, text);
    assert.ok(
      text.split('\n').every((line) => line.length <= 180),
      text,
    );
    assert.equal(chinese.split('\n').length, text.split('\n').length);
    const code = (line: string): string => line.replace(/\s*#.*$/, '');
    assert.deepEqual(chinese.split('\n').map(code), text.split('\n').map(code));
    assert.ok(
      chinese
        .split('\n')
        .filter((line) => line.includes('#'))
        .every((line) => /\p{Script=Han}/u.test(line) || /# (where|long_play):/.test(line)),
      chinese,
    );
    await isClean(chinese, demo);
  });

  test('the teacher’s kind follows from its values, with the reason in a comment above it', async () => {
    const asked = await request(demo, ['coarse_ranking'], demoFiles);
    const candidates = asked.data.candidates;
    assert.ok(candidates);
    const teacherWith = (range: { readonly min: string; readonly max: string } | null): string => {
      const text = starterConfig(
        {
          ...asked,
          data: { ...asked.data, candidates: { ...candidates, ranges: range ? { fine_score: range } : {} } },
        },
        english,
      );
      return (
        /( +#.*\n) +teacher: (\{.*?\})/
          .exec(text)
          ?.slice(1)
          .map((part) => part.trim())
          .join('\n') ?? text
      );
    };
    assert.match(
      starterConfig(asked, english),
      /# fine_score has values from 0\.00\d+ to 0\.\d+, so it is treated as a probability\n +teacher: \{column: teacher, kind: probability, on: exposed\}/,
    );
    assert.equal(
      teacherWith({ min: '0', max: '1' }),
      '# fine_score has values from 0 to 1, so it is treated as a probability\n{column: teacher, kind: probability, on: exposed}',
    );
    assert.equal(
      teacherWith({ min: '-7.123456', max: '2.5' }),
      '# fine_score has values from -7.123 to 2.5, so it is not a probability. If these are log-odds, set kind: logit\n{column: teacher, kind: score, on: exposed}',
    );
    assert.equal(teacherWith({ min: '0.2', max: 'nan' }), teacherWith(null));
    assert.equal(
      teacherWith(null),
      '# The values of fine_score were not read. If they are probabilities, set kind: probability\n{column: teacher, kind: score, on: exposed}',
    );
  });

  test('a score of coarse ranking is no teacher, though its name ends like one', async () => {
    const asked = await request(demo, ['coarse_ranking'], demoFiles);
    const candidates = asked.data.candidates;
    assert.ok(candidates);
    const called: Readonly<Record<string, string>> = { coarse_score: 'prerank_score', fine_score: 'rank_score' };
    const columns = candidates.columns.map((column) => ({ ...column, name: called[column.name] ?? column.name }));
    const text = starterConfig({ ...asked, data: { ...asked.data, candidates: { ...candidates, columns } } }, english);
    assert.ok(
      columns.findIndex(({ name }) => name === 'prerank_score') <
        columns.findIndex(({ name }) => name === 'rank_score'),
    );
    assert.match(text, /score: prerank_score, teacher: rank_score[,}]/);
  });

  test('data that were not chosen are written as examples, and lint reports them as missing', async () => {
    const text = starterConfig(
      await request(demo, ['coarse_ranking'], { impressions: demoFiles.impressions }),
      english,
    );
    const { findings } = await lintOn(text, { path: 'configs/new.ratio.yaml' });
    assert.deepEqual(
      findings.map(({ rule }) => rule),
      ['schema/file-missing'],
    );
  });
});

describe('a new config on a log in CSV', () => {
  /** The demo with other names, times in seconds, and text files. */
  async function csvWorkspace(name: string, time: string): Promise<string> {
    const root = path.join(folder, name);
    mkdirSync(path.join(root, 'logs'), { recursive: true });
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    const connection = await instance.connect();
    const copy = (select: string, file: string): Promise<unknown> =>
      connection.run(`COPY (${select}) TO '${path.join(root, 'logs', file)}' (HEADER, DELIMITER ',')`);
    const of = (file: string): string => `read_parquet('${path.join(demo, file)}')`;
    await connection.run("SET TimeZone = 'UTC'");
    await copy(
      `SELECT user_id AS uid, item_id AS sku, request_id, ${time} AS event_time, is_click AS clicked FROM ${of('data/impressions/*/*.parquet')} ORDER BY ts`,
      'exposure.csv',
    );
    await copy(`SELECT item_id AS sku, city, category FROM ${of('data/items.parquet')}`, 'products.csv');
    await copy(
      `SELECT user_id AS uid, item_id AS sku, request_id, channel, recall_rank, reached, coarse_score, fine_score FROM ${of('data/candidates/*/*.parquet')}`,
      'recall_candidates.csv',
    );
    connection.closeSync();
    instance.closeSync();
    return root;
  }
  const files = {
    impressions: 'logs/exposure.csv',
    items: 'logs/products.csv',
    candidates: 'logs/recall_candidates.csv',
  };

  for (const [form, time] of [
    ['timestamps', 'ts'],
    ['seconds', 'epoch(ts)::BIGINT'],
    ['ISO texts with a zone', "strftime(ts, '%Y-%m-%dT%H:%M:%SZ')"],
  ] as const) {
    test(`${form}: clean for every stage, with ids as texts`, async () => {
      const root = await csvWorkspace(`csv-${form.slice(0, 3)}`, time);
      for (const chosen of combinations) {
        const text = starterConfig(await request(root, chosen, files), english);
        await isClean(text, root);
        assert.match(
          text,
          /columns: \{user: uid, item: sku, time: (?:event_time|\{column: event_time, unit: s\}), request: request_id\}/,
        );
        assert.match(text, /\n {2}clicked: clicked\n/);
        assert.match(text, /\n {2}train: \{from: 2026/);
      }
    });
  }
});

test('each data set of the demo is recognized', async () => {
  for (const [name, file] of Object.entries(demoFiles)) {
    const { columns } = await opened(path.join(demo, file));
    const scores = Object.entries(likeness(file, columns)).sort(([, a], [, b]) => b - a);
    assert.equal(scores[0]?.[0], name, `${file}: ${JSON.stringify(scores)}`);
  }
  const { columns } = await opened(path.join(demo, 'out/recall.parquet'));
  assert.ok(
    Object.values(likeness('out/recall.parquet', columns)).every((score) => score === 0),
    'a finished sample is none of them',
  );
});
