import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { auditValue } from '../../../src/core/report/auditValue.ts';
import { formatPercent } from '../../../src/core/table/format.ts';
import { valueAt } from '../../../src/core/valueAt.ts';
import { segmented } from '../../components/segmented.ts';
import '../../charts/curve.ts';
import type { CurveArea, CurveLine } from '../../charts/curve.ts';
import { sourceInk } from '../../charts/sourceMark.ts';
import '../../charts/lines.ts';
import { LightElement } from '../../element.ts';
import { Watch } from '../../observable.ts';
import { say, t } from '../../strings.ts';
import type { InspectorModel } from '../inspectorModel.ts';
import { sourceOf } from './mixSection.ts';
import { columnIn } from './readMetric.ts';

type Way = 'cumulative' | 'bin' | 'lift';
const metric = 'popularity_by_entry';
const plotHeight = 300;

/** How the positives, the negatives by entry and the input are spread over popular and unpopular items. */
@customElement('rs-popularity')
export class PopularitySection extends LightElement {
  static override sheets = [
    css`
    rs-popularity { display: block; }
    rs-popularity .head { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 4px 16px; margin-bottom: 8px; }
    rs-popularity .head h2 { margin: 0; }
    rs-popularity rs-curve .positives.faint { stroke-width: 2.25; stroke-opacity: 1; }
    rs-popularity rs-curve .negatives.faint, rs-popularity rs-curve .corpus.faint { stroke-width: 1.25; stroke-opacity: 1; }
    rs-popularity rs-curve .area { stroke: var(--vscode-editor-background); stroke-width: 1; }
  `,
  ];
  @property({ attribute: false }) model!: InspectorModel;
  @state() private way: Way = 'cumulative';

  constructor() {
    super();
    new Watch(this, () => this.model.audit);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { audit } = this.model;
    const measured = audit.measured(metric);
    const ends = numbersIn(columnIn(measured, 'curve', 'hottest'));
    if (!measured || ends.length === 0) return nothing;
    const ways: readonly (readonly [Way, string])[] = [
      ['cumulative', t('Cumulative')],
      ['bin', t('Per bin')],
      ...(columnIn(measured, 'curve', 'input') === null ? [] : [['lift', t('Lift over the input')] as const]),
    ];
    return html`<div class="head"><h2>${t('Rows on the most popular items')}</h2>${segmented(
      t('Kind of curve'),
      ways,
      this.way,
      (way) => {
        this.way = way;
      },
    )}</div>
      ${this.way === 'cumulative' ? this.cumulative(ends) : this.perBin(ends)}
      ${measured.notes.map((note) => html`<p class="note">${say(note)}</p>`)}`;
  }

  private cumulative(ends: readonly number[]): TemplateResult {
    const lines = (['positives', 'negatives', 'input'] as const).flatMap((id): CurveLine[] => {
      const counts = this.bins(id);
      if (counts === null) return [];
      return [{ name: this.labelOf(id), kind: id === 'input' ? 'corpus' : id, counts }];
    });
    const areas = this.entries().map(({ name, rows }): CurveArea => {
      const bins = this.bins(`entry ${name}`) ?? [];
      return { name, ink: sourceInk(sourceOf(this.model, name)), counts: bins.map((share) => share * rows) };
    });
    return html`<rs-curve tools scale .plotHeight=${plotHeight} .caption=${t('most popular share of the items, on a log scale')} .to=${ends} .lines=${lines} .areas=${areas}></rs-curve>`;
  }

  private perBin(ends: readonly number[]): TemplateResult {
    const input = this.bins('input');
    const ids = [
      'positives',
      'negatives',
      ...(this.way === 'lift' ? [] : ['input']),
      ...this.entries().map(({ name }) => `entry ${name}`),
    ];
    const lines = ids.flatMap((id) => {
      const bins = this.bins(id);
      if (bins === null) return [];
      const values =
        this.way === 'lift' && input
          ? bins.map((share, k) => (valueAt(input, k) > 0 ? share / valueAt(input, k) : null))
          : bins;
      return [{ label: this.labelOf(id), values }];
    });
    const textOfY = this.way === 'lift' ? (y: number): string => `${auditValue(y, 'ratio')}×` : formatPercent;
    return html`<rs-lines tools .logY=${this.way === 'lift'} .plotHeight=${plotHeight} .name=${t('Rows on the most popular items')} .xName=${t('most popular share of the items')} .x=${ends} .lines=${lines} .textOfX=${formatPercent} .textOfY=${textOfY}></rs-lines>`;
  }

  /** Entries of the curve with their rows, in the order of the mix. */
  private entries(): { readonly name: string; readonly rows: number }[] {
    const mix = this.model.audit.measured('mix');
    const rows = columnIn(mix, 'entries', 'rows') ?? [];
    return (columnIn(mix, 'entries', 'entry') ?? []).flatMap((entry, k) =>
      typeof entry === 'string' && this.bins(`entry ${entry}`) !== null ? [{ name: entry, rows: Number(rows[k]) }] : [],
    );
  }

  /** The share of the rows in each bin; null if there is no such line. */
  private bins(id: string): number[] | null {
    const shares = columnIn(this.model.audit.measured(metric), 'curve', id);
    if (shares === null || shares[0] === null) return null;
    const sums = numbersIn(shares);
    return sums.map((sum, k) => Math.max(0, sum - (k === 0 ? 0 : valueAt(sums, k - 1))));
  }

  private labelOf(id: string): string {
    const columns = this.model.audit.measured(metric)?.tables[0]?.columns ?? [];
    const label = columns.find((column) => column.id === id)?.label;
    return label ? say(label) : id;
  }
}

const numbersIn = (values: readonly unknown[] | null): number[] => (values ?? []).map(Number);

declare global {
  interface HTMLElementTagNameMap {
    'rs-popularity': PopularitySection;
  }
}
