import { css, html, nothing, svg, type TemplateResult } from 'lit';
import type { Finding } from '../../../src/core/policy/finding.ts';
import { auditValue } from '../../../src/core/report/auditValue.ts';
import { gaugeComparisons, gaugeVerdict, type Gauge } from '../../../src/core/report/gauges.ts';
import { adopt } from '../../element.ts';
import { say, t } from '../../strings.ts';

adopt(css`
  .gauges { display: grid; grid-template-columns: repeat(auto-fill, minmax(228px, 1fr)); gap: 16px 24px; margin: 0 0 20px; }
  .gauges > div { min-width: 0; }
  .gauges dt { font-size: 11px; line-height: 16px; color: var(--rs-muted); min-height: 32px; display: flex; align-items: flex-end; }
  .gauges dd { margin: 0; }
  .gauges .observed { display: flex; align-items: center; gap: 8px; }
  .gauges .observed > span:first-child { font-size: 18px; line-height: 24px; font-variant-numeric: tabular-nums; }
  .gauges svg { display: block; width: 100%; height: 16px; margin: 4px 0 2px; overflow: visible; }
  .gauges .track { fill: var(--vscode-charts-lines); fill-opacity: 0.3; }
  .gauges .by-chance { fill: var(--vscode-charts-lines); fill-opacity: 0.9; }
  .gauges .outside { fill: none; stroke: var(--vscode-charts-lines); stroke-dasharray: 1 3; stroke-width: 6; }
  .gauges .interval { stroke: var(--vscode-charts-foreground); stroke-width: 2; }
  .gauges .limit { stroke: var(--vscode-charts-foreground); stroke-width: 1.5; }
  .gauges .needle { fill: var(--vscode-charts-foreground); }
  .gauges .compared { font-size: 11px; line-height: 16px; color: var(--rs-muted); }
  .gauges .codicon-pass { color: var(--vscode-testing-iconPassed); }
`);

const width = 240;

/** A key figure of the sample with its interval, chance baseline, limit and verdict. */
export function gaugeRow(gauges: readonly Gauge[], findings: readonly Finding[]): TemplateResult | typeof nothing {
  if (gauges.length === 0) return nothing;
  return html`<dl class="gauges" aria-label=${t('Gauges')}>${gauges.map((gauge) => gaugeItem(gauge, findings))}</dl>`;
}

function gaugeItem(gauge: Gauge, findings: readonly Finding[]): TemplateResult {
  const { title, figure } = gauge;
  const compared = gaugeComparisons(gauge).map(say);
  return html`<div><dt>${say(title)}</dt><dd>
    <div class="observed"><span>${auditValue(figure.value, figure.unit)}</span>${verdict(gauge, findings)}</div>
    ${bullet(gauge, [say(title), auditValue(figure.value, figure.unit), ...compared].join(', '))}
    ${compared.map((text) => html`<div class="compared">${text}</div>`)}</dd></div>`;
}

function verdict(gauge: Gauge, findings: readonly Finding[]): TemplateResult | typeof nothing {
  const status = gaugeVerdict(gauge, findings);
  if (status === null) return nothing;
  const rule = gauge.rule?.rule ?? '';
  const text = status === 'passed' ? t('{0} passed', rule) : t('{0} found something', rule);
  const icon = status === 'passed' ? 'codicon-pass' : `codicon-${status} ${status}-icon`;
  return html`<span class="codicon ${icon}" role="img" aria-label=${text} title=${text}></span>`;
}

/** A bar from 0: grey up to the chance baseline, dotted beyond the limit, a needle at the figure. */
function bullet({ figure, chance, limit }: Gauge, label: string): TemplateResult {
  const { value, low = value, high = value, unit } = figure;
  const max = Math.max(value, high, chance?.high ?? chance?.value ?? 0);
  // A share or a divergence ends at 1; with a limit, the scale shows the range around it.
  const usual = limit !== null ? limit.value * 2 : unit === 'ratio' ? 2 : 1;
  const top = Math.max(usual, max * 1.25 > 1 && unit !== 'ratio' ? max : max * 1.25, Number.MIN_VALUE);
  const x = (amount: number): number => Math.max(0, Math.min(width, (amount / top) * width));
  const [from, to] = limit === null ? [0, 0] : limit.isLeast ? [0, x(limit.value)] : [x(limit.value), width];
  return html`<svg role="img" aria-label=${label} viewBox="0 0 ${width} 16" preserveAspectRatio="none">${svg`
    <rect class="track" x="0" y="3" width=${width} height="6"></rect>
    ${chance === null ? nothing : svg`<rect class="by-chance" x="0" y="3" width=${x(chance.value)} height="6"></rect>`}
    ${limit === null ? nothing : svg`<line class="outside" x1=${from} x2=${to} y1="6" y2="6"></line><line class="limit" x1=${x(limit.value)} x2=${x(limit.value)} y1="0" y2="12"></line>`}
    ${high > low ? svg`<line class="interval" x1=${x(low)} x2=${x(high)} y1="6" y2="6"></line>` : nothing}
    <path class="needle" d="M${x(value)} 8l4 7h-8z"></path>`}</svg>`;
}
