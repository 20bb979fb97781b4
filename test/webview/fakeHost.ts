// Replaces the extension host in the pages of the inspector and the sidebar: answers every request from generated data.
import type { Column, Dataset, Notice } from '../../src/core/table/dataset.ts';
import { isFiltered, type View } from '../../src/core/table/filter.ts';
import { encodePage, type CellValue, type PageColumn } from '../../src/core/table/page.ts';
import { FailureError, type Failure } from '../../src/core/message/failure.ts';
import type { InspectorRequests } from '../../src/protocol/inspectorRequests.ts';
import type { AuditVerdict, Glance } from '../../src/protocol/sidebar.ts';
import { fakeAudit } from './fakeAudit.ts';
import { fakeChannel, type FakeChannel } from './fakeChannel.ts';
import { listProfile, listValue, withLists } from './fakeLists.ts';
import { fakeDataset, fakeFacts, fakeNested, fakeProfile, fakeValue, longTitle } from './fakeData.ts';

/** The interface for tests: `window.fake`. */
export interface Fake extends FakeChannel {
  dataset: Dataset;
  /** Unreadable rows of the view: a page with one of them fails. */
  damaged: number[];
  /** The text of the last saved chart. */
  saved: string | null;
}
declare global {
  interface Window {
    fake: Fake;
  }
}

const parameters = new URLSearchParams(location.search);
const scenario = parameters.get('scenario') ?? '';
const filteredRows = 2_741_588;
/** Rows that are read before the whole file is read. */
const seenInHead = 5000;
const idsAsText: Notice = {
  severity: 'info',
  code: 'ids-as-text',
  message: { text: 'Ids of {0} are kept as text', args: ['user_id'] },
};
let failures = scenario === 'failure' || scenario === 'wrongname' ? 1 : 0;
let auditFailures = scenario === 'auditfailure' ? 1 : scenario === 'noitems' ? 2 : 0;

const cutShort: Failure = {
  code: 'truncated',
  message: { text: '{0} is cut short', args: ['recall.parquet'] },
  place: { path: 'out/recall.parquet', byte: 371_204_096 },
  advice: { text: 'The writer stopped, or the copy did. Copy the file again.' },
};

const wrongName: Failure = {
  code: 'wrong-format',
  message: { text: 'The file is named {0}, but its content is {1}', args: ['.parquet', 'CSV'] },
  place: { path: 'out/recall.parquet', byte: 0 },
  advice: { text: 'Rename the file to match its content, or write it again.' },
  readAs: 'csv',
};

const noItems: Failure = {
  code: 'bad-request',
  message: { text: 'No column holds the items of the sample file' },
  place: { path: 'out/recall.parquet' },
  advice: { text: 'Name it with {0}.', args: ['--role COLUMN=item'] },
  missingRole: 'item',
};

const damage: Failure = {
  code: 'corrupt',
  message: { text: 'A page of {0} is damaged', args: ['recall.parquet'] },
  place: { path: 'out/recall.parquet', byte: 88_100, ...(scenario === 'column' ? { column: 'title' } : {}) },
  advice: { text: 'Copy the file again.' },
};

const valueOf = (row: number, column: number): CellValue =>
  scenario === 'epoch' && column === 7
    ? 1_780_000_000_123n + BigInt(row)
    : scenario === 'long' && column === 2 && row === 0
      ? longTitle
      : scenario === 'lists' && column > 11
        ? listValue(row, column)
        : fakeValue(row, column);
/** Characters of a text that a page delivers. */
const clip = 1024;

function pageColumn(rows: readonly number[], index: number): PageColumn {
  const type = fake.dataset.columns[index]?.type ?? { kind: 'string' };
  const lengths = new Map<number, number>();
  const values = rows.map((row, k) => {
    const value = valueOf(row, index);
    if (value === null || (type.kind !== 'string' && type.kind !== 'list')) return value;
    const characters = [...String(value)];
    if (characters.length > clip) lengths.set(k, characters.length);
    return characters.slice(0, clip).join('');
  });
  return { type, values, lengths };
}

const fake: Fake = Object.assign(
  fakeChannel(
    (method, params) => (answers[method as keyof InspectorRequests] as (params: unknown) => unknown)(params),
    (event) => {
      if (event === 'ready') fake.send('glance', glance());
    },
  ),
  {
    dataset: makeDataset(),
    saved: null,
    damaged: (parameters.get('damaged') ?? '')
      .split(',')
      .filter((row) => row !== '')
      .map(Number),
  },
);
window.fake = fake;

function makeDataset(): Dataset {
  const dataset = fakeDataset(
    scenario === 'empty' ? 0 : Number(parameters.get('rows') ?? 19_191_123),
    Number(parameters.get('columns') ?? 12),
  );
  if (scenario === 'head') return headOf(dataset);
  if (scenario === 'lists') return withLists(dataset);
  if (scenario === 'epoch')
    return {
      ...dataset,
      columns: dataset.columns.map((column, k) =>
        k === 7 ? { ...column, type: { kind: 'integer', bits: 64, signed: true } } : column,
      ),
    };
  if (scenario === 'log')
    return {
      ...dataset,
      columns: dataset.columns.map((column) =>
        ['user', 'time', 'label'].includes(column.role?.role ?? '') ? column : { ...column, role: null },
      ),
    };
  if (scenario !== 'notices') return dataset;
  return {
    ...dataset,
    notices: [
      { severity: 'warning', code: 'bad-rows', message: { text: '{0} rows do not fit the header', args: [3] } },
      idsAsText,
    ],
  };
}

/** What the first megabyte of a text file shows: not all columns, a type that later rows contradict, no row count. */
function headOf(dataset: Dataset): Dataset {
  const columns = dataset.columns
    .slice(0, 10)
    .map((column): Column => (column.name === 'log_q' ? { ...column, type: { kind: 'string' } } : column));
  return { ...dataset, format: 'jsonl', rows: null, columns };
}

const rowsOf = (view: View): number =>
  !isFiltered(view.filter)
    ? (fake.dataset.rows ?? seenInHead)
    : scenario === 'nomatch'
      ? 0
      : Math.min(filteredRows, fake.dataset.rows ?? 0);

/** Rows of a sorted view come in descending order of their number, which is enough to see that the view changed. */
const sourceOf = (view: View, row: number): number => (view.sort.length > 0 ? rowsOf(view) - 1 - row : row);

const answers: {
  [M in keyof InspectorRequests]: (params: InspectorRequests[M]['params']) => InspectorRequests[M]['result'];
} = {
  open: () => {
    if (failures-- > 0) throw new FailureError(scenario === 'wrongname' ? wrongName : cutShort);
    return fake.dataset;
  },
  openAs: () => fake.dataset,
  settle: () => {
    if (scenario === 'head') fake.dataset = { ...fakeDataset(19_191_123, 12), notices: [idsAsText] };
    return fake.dataset;
  },
  timeline: ({ view }) => ({
    unit: 'hour',
    bars: Array.from({ length: 14 * 24 }, (_, k) => ({
      at: new Date(Date.UTC(2026, 2, 1, k)).toISOString().slice(0, 19).replace('T', ' '),
      rows: Math.round(rowsOf({ ...view, sort: [] }) / 336 / (1.2 - Math.sin(k / 3.8))),
      positives: Math.round(rowsOf({ ...view, sort: [] }) / 3700 / (1.2 - Math.sin(k / 3.8))),
    })).filter((_, k) => k < 222 || k > 225),
    bands: [
      { split: 'train', from: '2026-03-01 00:00:00', to: '2026-03-13 23:59:59' },
      { split: 'eval', from: '2026-03-14 00:00:00', to: '2026-03-14 23:59:59' },
    ],
    timeless: 0,
  }),
  // Groups of eleven rows, as in the file.
  groups: ({ view, first, count, columns }) => {
    const groups = Math.ceil(rowsOf(view) / 11);
    const leads = Array.from({ length: Math.max(0, Math.min(count, groups - first)) }, (_, k) => (first + k) * 11);
    const rows = (lead: number): number => Math.min(11, rowsOf(view) - lead);
    return {
      groups,
      first,
      sources: ['exposed_unclicked', 'popularity', 'global_random', 'hard_rank'],
      heads: leads.map((lead) => ({
        row: lead,
        start: lead,
        rows: rows(lead),
        all: isFiltered(view.filter) ? rows(lead) + 1 : rows(lead),
        positives: 1,
        mix: [3, 4, 2, 1],
      })),
      arrow: encodePage(
        leads,
        columns.map((index) => pageColumn(leads, index)),
      ),
    };
  },
  page: ({ view, first, count, columns }) => {
    if (scenario === 'pagefailure')
      throw new FailureError({
        code: 'engine-stopped',
        message: { text: 'The engine stopped while it was reading' },
        advice: { text: 'Try again.' },
      });
    if (fake.damaged.some((row) => row >= first && row < first + count)) throw new FailureError(damage);
    const rows = Array.from({ length: Math.max(0, Math.min(count, rowsOf(view) - first)) }, (_, k) =>
      sourceOf(view, first + k),
    );
    const arrow = encodePage(
      rows,
      columns.map((index) => pageColumn(rows, index)),
    );
    return {
      first,
      count: rows.length,
      arrow,
      rows: fake.dataset.rows === null || fake.held.includes('count') ? null : rowsOf(view),
    };
  },
  count: ({ view }) => ({
    rows: rowsOf(view),
    alone: [
      ...view.filter.conditions.map((_, k) => (k === 0 ? 1_861_455 : 318)),
      ...(view.filter.expression === '' ? [] : [12]),
    ],
  }),
  cell: ({ view, row, column, offset, limit }) => {
    // Like the engine, it counts characters: an emoji is one.
    const value = valueOf(sourceOf(view, row), column);
    const characters = value === null ? null : [...String(value)];
    return { text: characters?.slice(offset, offset + limit).join('') ?? null, length: characters?.length ?? 0 };
  },
  copy: ({ view, first, count, columns, headers, format }) => {
    const rows = Array.from({ length: Math.min(count, 1000) }, (_, k) => sourceOf(view, first + k));
    const names = columns.map((index) => fake.dataset.columns[index]?.name ?? '');
    const text =
      format === 'json'
        ? JSON.stringify(
            Object.fromEntries(columns.map((index, k) => [names[k], String(fakeValue(rows[0] ?? 0, index))])),
          )
        : format === 'value'
          ? String(fakeValue(rows[0] ?? 0, columns[0] ?? 0))
          : [
              ...(headers ? [names.join('\t')] : []),
              ...rows.map((row) => columns.map((index) => String(fakeValue(row, index) ?? '')).join('\t')),
            ].join('\n');
    return { text, rows: rows.length, guarded: 0 };
  },
  profile: ({ view, columns, depth }) => ({
    columns: columns.flatMap((index) => {
      const column = fake.dataset.columns[index];
      if (!column) return [];
      const profile =
        listProfile(column, rowsOf(view)) ??
        (depth === 'nested' ? fakeNested : fakeProfile)(column, index, rowsOf(view));
      const isEpoch = scenario === 'epoch' && index === 7;
      return [isEpoch ? { ...profile, min: '1780000000123', max: '1780000999123' } : profile];
    }),
    milliseconds: 920,
  }),
  facts: () => fakeFacts(fake.dataset),
  rowGroup: () => ({
    total: 2,
    list: [
      {
        name: 'user_id',
        min: '7203685477590228993',
        max: '7203685477591945496',
        nulls: 0,
        values: 122_880,
        compressedBytes: 81_920,
      },
      { name: 'title', min: null, max: null, nulls: null, values: 122_880, compressedBytes: 402_000 },
    ],
  }),
  skippedGroups: () => ({ total: 1, list: [{ file: 0, index: 0 }] }),
  badRows: () => ({
    total: 3,
    list: [12, 408, 9_000_001].map((line) => ({
      path: '/data/out/recall.csv',
      line,
      text: `7203685477590228993,482019,"西湖边,${line}`,
      reason: { text: '{0} fields instead of {1}', args: [11, 12] },
    })),
  }),
  pickRole: ({ column }) => {
    fake.dataset = {
      ...fake.dataset,
      columns: fake.dataset.columns.map((c) =>
        c.name === column ? { ...c, role: { role: 'weight', set: true, reason: { text: 'Set by you' } } } : c,
      ),
    };
    return fake.dataset;
  },
  assignRole: ({ role, column }) => {
    fake.dataset = {
      ...fake.dataset,
      columns: fake.dataset.columns.map((c) =>
        c.name === (column ?? 'draw') ? { ...c, role: { role, set: true, reason: { text: 'Set by you' } } } : c,
      ),
    };
    auditFailures = 0;
    return fake.dataset;
  },
  copyText: ({ text }) => {
    fake.copied = text;
    return null;
  },
  showLog: () => null,
  restartServer: () => null,
  reopenAsText: () => null,
  report: () => null,
  showLine: () => null,
  saveChart: ({ text }) => {
    fake.saved = text;
    return null;
  },
  audit: () => {
    if (auditFailures-- > 0) throw new FailureError(scenario === 'noitems' ? noItems : damage);
    return fakeAudit(scenario);
  },
  showFinding: () => null,
  inferConfig: () => null,
  showRule: () => null,
  showStory: () => 'unnamed',
};

const fakeVerdict: AuditVerdict = {
  fingerprint: 'audited',
  isChecked: true,
  counts: { error: 1, warning: 0, info: 1 },
  worst: fakeAudit('')
    .findings.map(({ severity, message }) => ({ severity, message }))
    .reverse(),
};

function glance(): Glance {
  if (scenario === 'failure') return { kind: 'failure', path: '/data/out/recall.parquet', failure: cutShort };
  if (scenario === 'nothing') return { kind: 'nothing', tour: null };
  if (scenario === 'tour') return { kind: 'nothing', tour: { done: 2, of: 7 } };
  if (scenario === 'loading') return { kind: 'loading', path: '/data/out/recall.parquet' };
  const { dataset } = fake;
  const profile = (index: number) => {
    const column = dataset.columns[index];
    return column ? fakeProfile(column, index, dataset.rows ?? 0) : null;
  };
  return {
    kind: 'dataset',
    path: dataset.path,
    dataset,
    label: profile(4),
    source: profile(5),
    filtered: scenario === 'filtered' ? { rows: filteredRows } : null,
    audit: scenario === 'audited' ? fakeVerdict : null,
  };
}
