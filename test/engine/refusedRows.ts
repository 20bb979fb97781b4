import { log, withoutDay, type RefusedWorld } from './refusedWorld.ts';

/** Worlds that are refused because of the rows of the files, or the place of the sample file. */
export const refusedRows = {
  'id-type': {
    change: [['path: log.csv', 'path: log.parquet']],
    files: { 'log.parquet': `SELECT * REPLACE (CAST(1.5 AS DOUBLE) AS "user") FROM 'log.csv'` },
    at: 'user',
    after: '{user: ',
    says: /The ids of column user have the unsupported type/,
  },
  'id-separator': {
    files: { 'log.csv': log.replaceAll('u1', 'u\u001f1') },
    at: 'user',
    after: '{user: ',
    says: /contains U\+001F/,
    sparks: true,
  },
  'time-unit': {
    files: { 'log.csv': log.replaceAll(/2026-01-0\d \d\d:00:00/g, '1767225600') },
    at: 'ts',
    says: /the numbers in column ts need a unit/,
  },
  'time-type': {
    change: [
      ['path: log.csv', 'path: log.parquet'],
      ['time: ts, request: req, position: pos, viewed: seen', 'time: seen, request: req, position: pos'],
    ],
    files: { 'log.parquet': `SELECT * REPLACE (seen = 1 AS seen) FROM 'log.csv'` },
    at: 'seen',
    says: /column seen has the type boolean, which cannot represent times/,
  },
  'flag-type': {
    change: [['viewed: seen', 'viewed: req']],
    at: 'req',
    after: 'viewed: ',
    says: /must be boolean or contain 0 and 1/,
  },
  'value-type': {
    files: { 'log.csv': log.replace('2026-01-01 10:00:00', 'yesterday') },
    at: 'ts',
    says: /yesterday/,
    sparks: true,
  },
  'repeated-item': {
    change: [
      [
        'path: items.csv\n    columns: {item: item, attributes: [city]}',
        'path: log.csv\n    columns: {item: item}\n    where: {item: {op: "!=", value: x}}',
      ],
    ],
    at: 'item',
    after: 'path: log.csv\n    columns: {item: ',
    says: /The corpus has \d rows of the item/,
    sparks: true,
  },
  'misplaced-day': {
    change: [['path: log.csv', 'path: log\n    partition: {column: dt, day_of: time}']],
    files: {
      'log/dt=2026-01-01/log.csv': withoutDay(log).replace('2026-01-01 10', '2026-01-05 10'),
      'log/dt=2026-01-02/log.csv': withoutDay(log),
    },
    at: '{column: dt, day_of: time}',
    says: /A row of the folder dt=2026-01-01 has the time 2026-01-05 10:00:00, more than a day away/,
    sparks: true,
  },
  'weight-sum': {
    change: [['smoothing: 1', 'smoothing: 1e17, exponent: 1']],
    at: 'per_positive',
    says: /The weights of a pool sum to more than/,
    sparks: true,
  },
  'output-column-missing': {
    change: [['window:\n', 'output:\n  pass_through: [colour]\nwindow:\n']],
    at: 'colour',
    says: /no data set has such a column/,
    previews: true,
  },
  'output-column-several': {
    change: [['window:\n', 'output:\n  pass_through: [score]\nwindow:\n']],
    at: 'score',
    after: 'pass_through: [',
    says: /score is a column of several data sets/,
    previews: true,
  },
  'output-column-side': {
    change: [['window:\n', 'output:\n  pass_through: [{column: city, from: items, side: user}]\nwindow:\n']],
    at: '{column: city',
    says: /the config has errors/,
    previews: true,
  },
  'output-column-max-age': {
    change: [['window:\n', 'output:\n  pass_through: [{column: city, from: items, max_age: 1d}]\nwindow:\n']],
    at: '{column: city',
    says: /the config has errors/,
    previews: true,
  },
  'output-column-requests': {
    change: [
      ['window:\n', 'output:\n  pass_through: [{column: score, from: candidates}]\nwindow:\n'],
      [', request: req, position', ', position'],
    ],
    at: '{column: score',
    says: /the config has errors/,
    previews: true,
  },
  'output-column-twice': {
    change: [['label: label', 'label: item']],
    at: '{user: user, item: item, label: item}',
    says: /two columns with the name item/,
    previews: true,
  },
  'output-column-reserved': {
    change: [['window:\n', 'output:\n  pass_through: [{column: city, as: keep_prob}]\nwindow:\n']],
    at: '{column: city',
    says: /the config has errors/,
    previews: true,
  },
  'output-in-input': {
    change: [
      ['path: log.csv', 'path: logs'],
      ['out.parquet', 'logs/out.csv'],
    ],
    files: { 'logs/log.csv': log, 'log.csv': null },
    at: 'logs/out.csv',
    says: /the samples would be read as its data/,
    previews: true,
  },
  'output-folder': {
    change: [
      ['out.parquet', 'out'],
      ['window:\n', 'output: {shards: 2}\nwindow:\n'],
    ],
    files: { 'out/mine.txt': 'x' },
    at: 'out',
    after: 'path: ',
    says: /The folder contains mine.txt/,
    previews: true,
    sparks: true,
  },
  'output-day': {
    change: [
      ['path: log.csv', 'path: log.parquet'],
      ['out.parquet', 'out'],
      [
        'window:\n  train: {from: 2026-01-01, to: 2026-01-01}\n  eval: {from: 2026-01-02, to: 2026-01-02}\n',
        'output: {partition_by: {column: day}}\n',
      ],
    ],
    files: { 'log.parquet': `SELECT * REPLACE (ts + INTERVAL 9000 YEAR AS ts) FROM 'log.csv'` },
    at: '{column: day}',
    says: /outside the years/,
    previews: true,
    sparks: true,
  },
  shortfall: {
    change: [['per_positive: 2', 'per_positive: 20\n      on_shortfall: fail']],
    at: 'fail',
    says: /finds only \d of \d+ rows for user u\d, and on_shortfall is fail/,
    previews: true,
    sparks: true,
  },
  'no-rows': {
    change: [['path: log.csv', 'path: log.csv\n    where: {user: nobody}']],
    at: '{from: 2026-01-01, to: 2026-01-01}',
    says: /there are no rows: the log has no impressions/,
    previews: true,
    sparks: true,
  },
} as const satisfies Readonly<Record<string, RefusedWorld>>;
