import { css, html, nothing, svg, type TemplateResult } from 'lit';
import { formatCount, formatPercent } from '../../../src/core/table/format.ts';
import { partWidths } from '../../charts/bars.ts';
import { sourceGlyph } from '../../charts/source.ts';
import { sourceInk } from '../../charts/sourceMark.ts';
import { adopt } from '../../element.ts';
import { say, t } from '../../strings.ts';
import { factTable, type FactColumn } from '../factTable.ts';
import type { InspectorModel } from '../inspectorModel.ts';
import { columnIn, figureIn } from './readMetric.ts';

adopt(css`
  .mix-bars { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 6px 12px; align-items: center; margin-bottom: 12px; }
  .mix-bars svg { width: 100%; height: 14px; }
  .mix-of-negatives td .link { white-space: nowrap; }
  .mix-of-negatives .glyph { display: inline-block; flex: none; vertical-align: -2px; margin-right: 6px; }
  .mix-of-negatives .fact-table td, .mix-of-negatives .fact-table th { padding-right: 12px; }
`);

const barWidth = 320;

interface Entry {
  /** Null for negatives without an entry. */
  readonly name: string | null;
  readonly rows: number;
  readonly observed: number | null;
  readonly low: number;
  readonly high: number;
  /** The share that the config asks for. */
  readonly declared: number | null;
  /** The share that the lock file records. */
  readonly recorded: number | null;
}

/** The source of an entry; decides its glyph and colour. */
export function sourceOf({ audit: { state } }: InspectorModel, entry: string): string {
  return (state.kind === 'done' ? state.view.sources[entry] : undefined) ?? entry;
}

/**
 * Declared and observed shares of the entries, with intervals, and why they differ. A click on an entry shows its rows.
 */
export function mixSection(model: InspectorModel): TemplateResult | typeof nothing {
  const metric = model.audit.measured('mix');
  const entries = entriesOf(model);
  if (!metric || entries.length === 0) return nothing;
  const variation = figureIn(metric, 'total_variation');
  return html`<section class="mix-of-negatives"><h2>${t('Mix of negatives')}${variation === null ? nothing : html`<small>${t('total variation {0}', formatPercent(variation))}</small>`}</h2>
    <div class="mix-bars">${bar(model, t('declared'), entries, ({ declared }) => declared)}${bar(model, t('recorded'), entries, ({ recorded }) => recorded)}${bar(model, t('observed'), entries, ({ observed }) => observed)}</div>
    ${factTable(entries, columnsOf(model, entries))}${causes(model)}</section>`;
}

function entriesOf({ audit }: InspectorModel): Entry[] {
  const metric = audit.measured('mix');
  const column = (id: string): readonly unknown[] | null => columnIn(metric, 'entries', id);
  const number = (id: string, k: number): number | null => {
    const value = column(id)?.[k];
    return typeof value === 'number' ? value : null;
  };
  return (column('entry') ?? []).map((name, k) => ({
    name: typeof name === 'string' ? name : null,
    rows: number('rows', k) ?? 0,
    observed: number('share', k),
    low: number('low', k) ?? 0,
    high: number('high', k) ?? 1,
    declared: number('configured', k),
    recorded: number('recorded', k),
  }));
}

function bar(
  model: InspectorModel,
  name: string,
  entries: readonly Entry[],
  share: (entry: Entry) => number | null,
): TemplateResult | typeof nothing {
  const drawnEntries = entries.filter((entry) => (share(entry) ?? 0) > 0);
  if (drawnEntries.length === 0) return nothing;
  const label = `${name}: ${drawnEntries.map((entry) => `${nameOf(entry)} ${formatPercent(share(entry) ?? 0)}`).join(', ')}`;
  return html`<span class="caption">${name}</span><svg viewBox="0 0 ${barWidth} 14" preserveAspectRatio="none" role="img" aria-label=${label}>${partWidths(
    drawnEntries.map((entry) => share(entry) ?? 0),
    barWidth,
  ).map(
    (part, k) =>
      svg`<rect class=${sourceInk(sourceOf(model, drawnEntries[k]?.name ?? ''))} x=${part.x} width=${part.width} height="14"></rect>`,
  )}</svg>`;
}

function columnsOf(model: InspectorModel, entries: readonly Entry[]): FactColumn<Entry>[] {
  const percent = (value: number | null): string => (value === null ? '–' : formatPercent(value));
  const has = (of: (entry: Entry) => number | null): boolean => entries.some((entry) => of(entry) !== null);
  return [
    { title: t('entry'), cell: (entry) => entryCell(model, entry) },
    ...(has(({ declared }) => declared)
      ? [
          { title: t('declared'), number: true, cell: (entry: Entry) => percent(entry.declared) },
          { title: t('points'), number: true, cell: pointsOf },
        ]
      : []),
    { title: t('observed'), number: true, cell: ({ observed }) => percent(observed) },
    { title: t('± 95 %'), number: true, cell: ({ low, high }) => (((high - low) / 2) * 100).toFixed(2) },
    { title: t('rows'), number: true, cell: ({ rows }) => formatCount(rows) },
  ];
}

function pointsOf({ declared, observed }: Entry): string {
  if (declared === null || observed === null) return '–';
  const points = (observed - declared) * 100;
  return `${points < 0 ? '−' : '+'}${Math.abs(points).toFixed(1)}`;
}

const nameOf = ({ name }: Entry): string => name ?? t('without an entry');

function entryCell(model: InspectorModel, entry: Entry): TemplateResult {
  const { name } = entry;
  const mark = sourceGlyph(sourceOf(model, name ?? ''));
  const column = entryColumn(model);
  if (name === null || column === null) return html`${mark}${nameOf(entry)}`;
  const show = (): void => model.showRows({ conditions: [{ column, op: '=', values: [name] }], expression: '' });
  return html`${mark}<button class="link" title=${t('Show the rows of {0}', name)} @click=${show}>${name}</button>`;
}

/** The column that names the entry of a row; null if a filter cannot use it. */
function entryColumn({ audit: { state } }: InspectorModel): string | null {
  if (state.kind !== 'done' || state.view.sample.layout !== 'long') return null;
  const { entry, source } = state.view.sample.columns;
  return (entry ?? source)?.name ?? null;
}

/** Findings of the rules about a mix that differs from the config. */
function causes(model: InspectorModel): TemplateResult | typeof nothing {
  const { state } = model.audit;
  if (state.kind !== 'done') return nothing;
  const findings = state.view.findings.filter(({ rule }) => rule === 'data/mix' || rule === 'data/shortfall');
  if (findings.length === 0) return nothing;
  return html`${findings.map(({ message }) => html`<p class="note">${say(message)}</p>`)}<button class="link" @click=${() => model.keep({ tab: 'audit' })}>${t('Show in Audit')}</button>`;
}
