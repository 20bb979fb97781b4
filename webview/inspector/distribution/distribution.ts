import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { formatCount, formatPercent } from '../../../src/core/table/format.ts';
import '../../charts/barChart.ts';
import '../../charts/hourChart.ts';
import '../../charts/lines.ts';
import { LightElement } from '../../element.ts';
import { Watch } from '../../observable.ts';
import { say, t } from '../../strings.ts';
import { auditFrame } from '../audit/auditFrame.ts';
import type { InspectorModel } from '../inspectorModel.ts';
import { figureStrip } from './figureStrip.ts';
import { hourSection } from './hourSection.ts';
import { mixSection } from './mixSection.ts';
import './popularitySection.ts';
import { figureIn, rowsIn } from './readMetric.ts';

/** Maximum number of values with their own bar; larger values share the last bar. */
const MAX_BARS = 40;

/** The tab Distribution: do negatives cover the items that the model will score, and does the mix match the config? */
@customElement('rs-distribution')
export class Distribution extends LightElement {
  static override sheets = [
    css`
    rs-distribution { flex: 1; min-height: 0; display: flex; flex-direction: column; font-size: 12px; line-height: 16px; }
    rs-distribution h2 { font-size: 13px; line-height: 20px; margin-bottom: 8px; }
    rs-distribution h2 small { font-size: 11px; font-weight: 400; color: var(--rs-muted); margin-left: 8px; }
    rs-distribution .note { color: var(--rs-muted); max-width: 76ch; margin: 4px 0; overflow-wrap: anywhere; }
    rs-distribution .areas { display: grid; grid-template-columns: repeat(12, minmax(0, 1fr)); gap: 24px 36px; }
    rs-distribution .areas > section { min-width: 0; grid-column: span 4; }
    rs-distribution .areas > .popularity { grid-column: span 7; }
    rs-distribution .areas > .mix-of-negatives { grid-column: span 5; }
    rs-distribution .fact-table { min-width: 0; }
    rs-distribution rs-lines { max-width: none; }
    @media (max-width: 1000px) {
      rs-distribution .areas > section, rs-distribution .areas > .popularity { grid-column: span 6; }
      rs-distribution .areas > .popularity, rs-distribution .areas > .mix-of-negatives { grid-column: span 12; }
    }
    @media (max-width: 600px) { rs-distribution .areas > section { grid-column: span 12; } }
  `,
  ];
  @property({ attribute: false }) model!: InspectorModel;

  constructor() {
    super();
    new Watch(this, () => this.model);
    new Watch(this, () => this.model.audit);
  }

  protected override updated(): void {
    this.model.audit.want();
  }

  protected override render(): TemplateResult {
    const { model } = this;
    return auditFrame(
      model,
      t('Distribution'),
      html`${figureStrip(model.audit)}<div class="areas">
        <section class="popularity"><rs-popularity .model=${model}></rs-popularity></section>
        ${mixSection(model)}${this.groups()}${this.users()}${hourSection(model)}</div>${this.missing()}`,
    );
  }

  private groups(): TemplateResult | typeof nothing {
    const metric = this.model.audit.measured('group_sizes');
    const sizes = rowsIn(metric, 'sizes').map(([negatives, positives]) => ({
      negatives: Number(negatives),
      positives: Number(positives),
    }));
    if (sizes.length === 0) return nothing;
    const all = sizes.reduce((sum, { positives }) => sum + positives, 0);
    const max = Math.max(...sizes.map(({ positives }) => positives));
    const visibleSizes = sizes.slice(0, MAX_BARS);
    const largerSizes = sizes.slice(MAX_BARS);
    const bars = [
      ...visibleSizes.map(({ negatives, positives }) => ({
        label: formatCount(negatives),
        share: positives / all,
        isMarked: positives === max,
      })),
      ...(largerSizes.length === 0
        ? []
        : [
            {
              label: t('{0} or more', formatCount(largerSizes[0]?.negatives ?? 0)),
              share: largerSizes.reduce((sum, { positives }) => sum + positives, 0) / all,
              isMarked: false,
            },
          ]),
    ];
    const without = figureIn(metric, 'without');
    return html`<section><h2>${t('Negatives per positive')}<small>${without === 0 ? t('none has 0') : t('{0} positives have none', formatCount(without ?? 0))}</small></h2>
      <rs-bars tools .name=${t('Negatives per positive')} .xName=${t('share of the positives by their number of negatives')} .bars=${bars}></rs-bars></section>`;
  }

  private users(): TemplateResult | typeof nothing {
    const metric = this.model.audit.measured('users');
    const curve = rowsIn(metric, 'lorenz').map(([users, rows]) => [Number(users), Number(rows)] as const);
    if (curve.length === 0) return nothing;
    const [share, gini] = [figureIn(metric, 'top_share'), figureIn(metric, 'gini')];
    const lines = [
      { label: t('rows'), values: curve.map(([, rows]) => rows) },
      { label: t('equal'), values: curve.map(([users]) => users) },
    ];
    return html`<section><h2>${t('Rows per user')}<small>${share === null ? nothing : t('top 1 %: {0} of the rows', formatPercent(share))}${gini === null ? nothing : ` · Gini ${gini.toFixed(3)}`}</small></h2>
      <rs-lines tools .name=${t('Rows per user')} .xName=${t('share of the users')} .x=${curve.map(([users]) => users)} .lines=${lines} .textOfX=${formatPercent} .textOfY=${formatPercent}></rs-lines></section>`;
  }

  /** Why a chart is missing. */
  private missing(): TemplateResult | typeof nothing {
    const drawnMetrics = new Set(['rows', 'mix', 'popularity_by_entry', 'group_sizes', 'users', 'day_hours']);
    const reasons = this.model.audit.metrics.flatMap((outcome) =>
      outcome.state === 'not-run' && drawnMetrics.has(outcome.metric) ? [outcome] : [],
    );
    if (reasons.length === 0) return nothing;
    return html`<section><h2>${t('Not measured')}</h2>${reasons.map(({ title, because }) => html`<p class="note">${say(title)}: ${say(because)}</p>`)}</section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rs-distribution': Distribution;
  }
}
