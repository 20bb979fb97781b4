import type { RefusedWorld } from './refusedWorld.ts';

/** Worlds that are refused because of the columns of the files, or the output. */
export const refusedColumns = {
  'dataset-unavailable': {
    files: { 'log.csv': null },
    at: 'log.csv',
    says: /the files of data.impressions do not exist/,
  },
  'column-undeclared': { change: [['time: ts, request', 'request']], at: 'columns', says: /has no column time/ },
  'column-missing': { change: [['user: user', 'user: uid']], at: 'uid', says: /have no column uid/ },
  'id-mismatch': {
    change: [['{item: item, attributes', '{item: {column: item, type: int64}, attributes']],
    at: 'item',
    after: 'column: ',
    says: /the ids in column item of data.items are integers, but those in data.impressions are strings/,
  },
  comparison: {
    change: [['path: log.csv', 'path: log.csv\n    where: {user: {op: ">", value: 3}}']],
    at: '3',
    after: 'value: ',
    says: /which > cannot compare with the number 3/,
  },
  'event-undeclared': {
    change: [['  click: {column: click, op: "=", value: 1}\n', '  click: {not: {event: click}}\n']],
    at: 'click',
    after: 'events:\n',
    says: /the event click names itself/,
  },
  'event-columns': {
    change: [['{column: click,', '{column: clicked,']],
    at: 'clicked',
    says: /have no column clicked/,
  },
  'event-tables': {
    change: [
      [
        '  items:\n',
        '  clicks:\n    a: {path: a.csv, columns: {user: user, item: item, time: ts}}\n    b: {path: a.csv, columns: {user: user, item: item, time: ts}}\n  items:\n',
      ],
      ['{column: click,', '{column: buy,'],
    ],
    files: { 'a.csv': 'user,item,ts,buy\nu1,a,2026-01-01 10:00:00,1\n' },
    at: '{column: buy',
    says: /both have the column buy/,
  },
  'sequence-time': {
    change: [
      ['  items:\n', '  clicks: {path: a.csv, columns: {user: user, item: item}}\n  items:\n'],
      ['events:\n', 'events:\n  buy: buy\n'],
      ['stages:\n', 'output: {sequences: {orders: {events: [buy], length: 5, available_after: 1h}}}\nstages:\n'],
    ],
    files: { 'a.csv': 'user,item,buy\nu1,a,1\n' },
    at: 'orders',
    says: /buy cannot be a step: data.clicks has no time/,
  },
  'partition-folder': {
    change: [['path: log.csv', 'path: log.csv\n    partition: {column: day, day_of: time}']],
    at: 'day',
    says: /Not all files of data.impressions are in folders/,
  },
  teacher: {
    base: 'coarse',
    change: [['    positives:', '    teacher: {kind: probability, column: channel}\n    positives:']],
    at: 'channel',
    after: 'teacher: ',
    says: /The teacher is left out/,
    previews: true,
  },
  outcome: {
    change: [
      ['window:\n', 'output:\n  events: [buy]\nwindow:\n'],
      ['events:\n', 'events:\n  buy: {column: bought, op: "=", value: 1}\n'],
    ],
    at: 'bought',
    says: /label_buy is left out/,
    previews: true,
  },
  'pass-through-candidates': {
    change: [['window:\n', 'output:\n  pass_through: [{column: score, from: candidates}]\nwindow:\n']],
    files: { 'candidates.csv': null },
    at: 'candidates.csv',
    says: /score is left out/,
    previews: true,
  },
  'entry-data': {
    change: [['{source: global_random,', '{source: rejected,']],
    at: 'random',
    after: 'smoothing: 1}',
    says: /random is left out: the config does not define data.rejections/,
    previews: true,
  },
  'entry-attribute': {
    change: [['{source: global_random,', '{source: same_attribute, match: [town],']],
    at: 'town',
    says: /data.items has no attribute town/,
    previews: true,
  },
  'entry-event': {
    change: [
      ['smoothing: 1', 'smoothing: 1, count: buy'],
      ['events:\n', 'events:\n  buy: {column: bought, op: "=", value: 1}\n'],
    ],
    at: 'bought',
    says: /popular is left out: the files of data.impressions have no column bought/,
    previews: true,
  },
  'entry-history': {
    change: [
      ['exclude: {events: [click]}', 'exclude: {events: [click], history: {column: seen_before, separator: ","}}'],
    ],
    at: 'seen_before',
    says: /popular is left out: the files of data.impressions have no column seen_before/,
    previews: true,
  },
  'entry-condition': {
    change: [['{source: global_random,', '{source: global_random, where: {city: {op: ">", value: 3}},']],
    at: '3',
    after: 'value: ',
    says: /random is left out: column city has texts/,
    previews: true,
  },
  'layout-format': {
    change: [
      ['window:\n', 'output: {layout: grouped}\nwindow:\n'],
      ['out.parquet', 'out.csv'],
    ],
    at: 'layout',
    says: /The layout grouped needs list columns, which CSV does not support/,
    previews: true,
    sparks: true,
  },
  'layout-unit': {
    base: 'coarse',
    change: [['window:\n', 'output: {layout: wide}\nwindow:\n']],
    at: 'layout',
    says: /The layout wide needs unit: positive/,
    previews: true,
  },
  'layout-order': {
    change: [['window:\n', 'output: {layout: grouped, order: shuffled_rows}\nwindow:\n']],
    at: 'shuffled_rows',
    says: /the config has errors/,
    previews: true,
  },
  'layout-sequence': {
    change: [
      [
        'window:\n',
        'output: {layout: user, sequences: {clicks: {events: [click], length: 5, dedup: item}}}\nwindow:\n',
      ],
    ],
    at: 'item',
    after: 'dedup: ',
    says: /the config has errors/,
    previews: true,
  },
  'output-path': {
    change: [['out.parquet', '../../out.parquet']],
    at: '../../out.parquet',
    says: /the config has errors/,
    previews: true,
  },
} as const satisfies Readonly<Record<string, RefusedWorld>>;
