import { html, nothing, type TemplateResult } from 'lit';
import { orderText } from '../../src/core/report/listText.ts';
import { formatCount, formatPercent } from '../../src/core/table/format.ts';
import type { ColumnProfile } from '../../src/core/table/profile.ts';
import { say, t } from '../strings.ts';

/**
 * The sequence that a list belongs to: empty and full histories, their order, and its lists.
 * @param profileOf the profile of a list of the sequence; null if it is not loaded
 * @param open shows a list of the sequence
 */
export function sequenceCard(
  { name, list, steps, rows, nulls }: ColumnProfile,
  profileOf: (name: string) => ColumnProfile | null,
  open: (name: string) => void,
): TemplateResult | typeof nothing {
  const { sequence, longest, emptyLists = 0 } = list ?? {};
  if (!sequence) return nothing;
  const share = (count: number): string =>
    `${formatCount(count)} · ${formatPercent(count / Math.max(1, rows - nulls))}`;
  const orders = sequence.lists.map((other) => orderText(profileOf(other)?.steps?.order ?? null));
  const order = orders.find((text) => text !== null) ?? null;
  const figures: readonly (readonly [string, string])[] = [
    [t('empty'), share(emptyLists)],
    ...(steps && typeof longest === 'number' && longest > 0
      ? [[t('full ({0})', formatCount(longest)), share(steps.full)] as const]
      : []),
    ...(order ? [[t('order'), say(order)] as const] : []),
    ...(sequence.uneven > 0 ? [[t('rows with unequal lists'), formatCount(sequence.uneven)] as const] : []),
  ];
  const lists = sequence.lists.map((other) =>
    other === name
      ? html`<li>${other}</li>`
      : html`<li><button class="link" @click=${() => open(other)}>${other}</button></li>`,
  );
  return html`<div class="section sequence" role="group" aria-label=${t('Sequence {0}', sequence.name)}><h3>${t('Sequence {0}', sequence.name)}</h3>
    <div class="figures">${figures.map(([label, value]) => html`<div><span class="muted">${label}</span><span class="number">${value}</span></div>`)}</div>
    <ul>${lists}</ul></div>`;
}
