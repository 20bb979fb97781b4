import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { inBatchSource, inBatchVerdict } from '../../src/core/report/inBatchText.ts';
import { failureOf } from '../../src/core/message/failure.ts';
import { leftOutLine, pairVerdict } from '../../src/core/report/pairText.ts';
import { dayCountText } from '../../src/core/report/dayCountText.ts';
import { logText, noEvents, percentileText, tableText } from '../../src/core/report/drawnText.ts';
import { pairHistoryLines } from '../../src/core/report/sequenceSteps.ts';
import { formatCount } from '../../src/core/table/format.ts';
import type { PairEntry, PairExplanation } from '../../src/protocol/sampling.ts';
import { isCancelled } from '../channel.ts';
import { sourceGlyph } from '../charts/source.ts';
import { Watch } from '../observable.ts';
import { say, t } from '../strings.ts';
import { itemsOfUser } from './pairItems.ts';
import { originSentences } from './origins.ts';
import { PreviewElement } from './previewElement.ts';
import { exactTime, secondTime, shortTime, smallText } from './texts.ts';
import { keptByText, noCountText, reasonsIn, reasonText } from '../../src/core/report/reasons.ts';
import '../components/failure.ts';

/** Maximum number of the item's rows listed. */
const maxRows = 20;
/** Maximum number of tables, and of draws of an entry, listed. */
const maxLines = 5;

/** Explains why an item is or never is a negative of a user: the question, and the answer for each entry. */
@customElement('rs-explain-pane')
export class ExplainPane extends PreviewElement {
  static override sheets = [
    css`
    rs-explain-pane {
      flex: 1;
      min-height: 0;
      display: flex;
      flex-direction: column;
      font-size: 12px;
      line-height: 16px;
    }
    rs-explain-pane > header {
      flex: none;
      display: flex;
      align-items: center;
      height: 36px;
      padding: 0 8px 0 12px;
      border-bottom: 1px solid var(--vscode-panel-border);
      font-size: 13px;
    }
    rs-explain-pane form {
      flex: none;
      display: grid;
      grid-template-columns: minmax(0, 1fr) minmax(0, 1fr) auto;
      gap: 4px 8px;
      padding: 12px;
      align-items: end;
    }
    rs-explain-pane form label { font-size: 11px; color: var(--rs-muted); display: grid; gap: 2px; min-width: 0; }
    rs-explain-pane form input { width: 100%; font-family: var(--vscode-editor-font-family); }
    rs-explain-pane .answer { flex: 1; min-height: 0; overflow-y: auto; padding: 0 12px 16px; user-select: text; }
    rs-explain-pane .verdict { display: flex; gap: 8px; padding: 8px 0; font-size: 13px; line-height: 18px; }
    rs-explain-pane .verdict .codicon { margin-top: 1px; }
    rs-explain-pane .verdict.in-batch { padding-top: 0; } rs-explain-pane .verdict.in-batch .glyph { margin: 4px 3px 0; flex: none; }
    rs-explain-pane h3 { margin-top: 12px; padding-top: 8px; border-top: 1px solid var(--vscode-panel-border); }
    rs-explain-pane dl { display: grid; grid-template-columns: auto 1fr; gap: 2px 16px; margin-top: 4px; }
    rs-explain-pane dt { color: var(--rs-muted); }
    rs-explain-pane table { width: 100%; border-collapse: collapse; margin-top: 4px; }
    rs-explain-pane th {
      text-align: left;
      font-weight: 400;
      font-size: 11px;
      color: var(--rs-muted);
      padding: 0 8px 0 0;
      height: 22px;
      white-space: nowrap;
    }
    rs-explain-pane td { padding: 3px 8px 3px 0; vertical-align: top; }
    rs-explain-pane th.number { text-align: right; }
    rs-explain-pane td .name { display: flex; align-items: center; gap: 6px; white-space: nowrap; }
    rs-explain-pane tbody tr.why td {
      padding: 0 8px 6px 18px;
      color: var(--rs-muted);
      border-bottom: 1px solid var(--rs-line);
    }
    rs-explain-pane .left { text-align: left; }
    rs-explain-pane .values { margin-top: 6px; }
    rs-explain-pane .values ul { padding-left: 12px; color: var(--rs-muted); overflow-wrap: anywhere; line-height: 18px; }
    rs-explain-pane .wide-table { overflow-x: auto; }
    @media (max-width: 479px) { rs-explain-pane form { grid-template-columns: minmax(0, 1fr); } }
  `,
  ];

  /** Number of questions asked so far; a search for an older question is dropped. */
  private questions = 0;

  constructor() {
    super();
    new Watch(this, () => this.model.pair);
    new Watch(this, () => this.model.search);
  }

  protected override firstUpdated(): void {
    if (this.model.pair.item === '') this.querySelector<HTMLInputElement>('input[name="item"]')?.focus();
  }

  protected override render(): TemplateResult {
    const { model } = this;
    const { pair, state } = model;
    return html`<header data-region><h2 class="grow">${t('Explain a pair')}</h2><button class="tool" aria-label=${t('Close')} title="Esc" @click=${() => model.showDraws()}><span class="codicon codicon-close" aria-hidden="true"></span></button></header>
      <form data-region @submit=${(event: SubmitEvent) => this.submit(event)} @keydown=${submitOnEnter}>
        <label>${t('User')}<input class="field wide" name="user" autocomplete="off" spellcheck="false" list="pair-users" placeholder=${t('Id or name')} @input=${(event: Event) => this.propose('users', event)} .value=${pair.user === '' ? (state?.user ?? '') : pair.user}></label>
        <datalist id="pair-users">${this.users().map(({ user, title }) => html`<option value=${user}>${title ?? ''}</option>`)}</datalist>
        <label>${t('Item')}<input class="field wide" name="item" autocomplete="off" spellcheck="false" list="pair-items" placeholder=${t('Id or title')} @input=${(event: Event) => this.propose('items', event)} .value=${pair.item}></label>
        <datalist id="pair-items">${this.items().map(({ item, label }) => html`<option value=${item}>${label}</option>`)}</datalist>
        <vscode-button @click=${submitForm}>${t('Explain')}</vscode-button></form>
      ${
        pair.failure
          ? html`<rs-failure .failure=${pair.failure} .actions=${[{ label: t('Show Log'), kind: 'link' as const, run: () => model.act('showLog', null) }]}></rs-failure>`
          : pair.answer
            ? html`<div class="answer" data-region tabindex="0" role="region" aria-label=${t('Answer')} aria-busy=${pair.busy ? 'true' : 'false'}>${this.answer(pair.answer)}</div>`
            : html`<p class="answer muted">${pair.busy ? t('Working') : t('Enter a user and the id or title of an item to see how likely each entry is to draw the item as a negative, and what excludes it.')}</p>`
      }`;
  }

  private submit(event: SubmitEvent): void {
    event.preventDefault();
    if (!(event.target instanceof HTMLFormElement)) return;
    const [user = '', item = ''] = [...event.target.querySelectorAll('input')].map(({ value }) => value.trim());
    if (user !== '' && item !== '') void this.explain(user, item);
  }

  /** Asks the question. The texts are ids, a name or a title. */
  private async explain(user: string, item: string): Promise<void> {
    const { model } = this;
    const { params, search } = model;
    if (!params) return;
    const question = ++this.questions;
    // A search takes time: the user may have entered another pair meanwhile, or have left.
    const isCurrent = (): boolean => question === this.questions && this.isConnected;
    try {
      const userId = await search.user(params, user, model.state?.users ?? []);
      const itemId = await search.item(params, item, model.preview?.facts ?? null);
      if (isCurrent()) model.explain(userId, itemId);
    } catch (error) {
      if (isCurrent() && !isCancelled(error)) model.pair.refuse(failureOf(error));
    }
  }

  /** Searches users or items that match the text in a field. */
  private propose(what: 'users' | 'items', { target }: Event): void {
    const { params, search } = this.model;
    const text = target instanceof HTMLInputElement ? target.value.trim() : '';
    if (!params || text === '') return;
    if (what === 'users') search.proposeUsers(params, text);
    else search.proposeItems(params, text);
  }

  /** Users of the preview, then those that the search found. */
  private users(): readonly { readonly user: string; readonly title?: string | null }[] {
    const previewUsers = (this.model.state?.users ?? []).map((user) => ({ user }));
    return [
      ...previewUsers,
      ...this.model.search.users.filter(({ user }) => previewUsers.every((one) => one.user !== user)),
    ];
  }

  /** Items of the user's groups, then those that the search found. */
  private items(): readonly { readonly item: string; readonly label: string }[] {
    const userItems = itemsOfUser(this.model.user, this.model.preview?.facts ?? null);
    const searchedItems = this.model.search.items.filter(({ item }) => userItems.every((one) => one.item !== item));
    return [...userItems, ...searchedItems.map(({ item, title }) => ({ item, label: title ?? '' }))];
  }

  private answer(answer: PairExplanation): TemplateResult {
    const { text, sure } = pairVerdict(answer, smallText);
    return html`<p class="verdict" role="status"><span class="codicon codicon-${sure === 'drawn' ? 'check' : sure === 'never' ? 'circle-slash' : 'info info-icon'}" aria-hidden="true"></span><span>${say(text)}</span></p>
      ${answer.inBatch ? html`<p class="verdict in-batch">${sourceGlyph(inBatchSource)}<span>${say(inBatchVerdict(answer.inBatch, answer.user.groups, smallText).text)}</span></p>` : nothing}
      ${this.item(answer)}
      <h3>${t("The user's events on the item")}</h3>${this.history(answer)}${this.leftOut(answer)}${this.sequences(answer)}
      ${
        answer.entries.length === 0
          ? nothing
          : html`<h3>${t('By entry of the mix')}</h3><div class="wide-table"><table><thead><tr><th>${t('entry')}</th><th class="number">${t('groups')}</th><th class="number">${t('probability per draw')}</th><th class="number">${t('expected')}</th><th class="number">${t('drawn')}</th></tr></thead>
        <tbody>${answer.entries.map((entry) => this.entry(entry, answer.user.groups))}</tbody></table></div>
        <p class="caption">${t('Expected rows over the {0} groups of the user. For pools, this ignores that the draws of a group are distinct.', formatCount(answer.user.groups))}</p>`
      }${this.rows(answer)}`;
  }

  /** The rows of the item, with the values of each and where they come from. */
  private rows({ rows = [], passed }: PairExplanation): TemplateResult | typeof nothing {
    if (rows.length === 0) return nothing;
    const plan = this.model.sampler?.plan;
    return html`<h3>${t('Values of its rows')}</h3>${rows.slice(0, maxRows).map(
      (
        row,
      ) => html`<div class="values"><div title=${exactTime(row.time)}>${shortTime(row.time, plan?.timezone ?? 'UTC')} · ${row.label === 1 ? t('positive') : (row.entry ?? '')}${row.draw === null ? '' : ` · ${t('draw {0}', row.draw + 1)}`}</div>
        <ul>${originSentences(row, plan, passed).map((sentence) => html`<li>${sentence}</li>`)}</ul></div>`,
    )}${rows.length > maxRows ? html`<p class="caption">${t('and {0} more', formatCount(rows.length - maxRows))}</p>` : nothing}`;
  }

  private item({ item }: PairExplanation): TemplateResult | typeof nothing {
    if (!item) return nothing;
    const facts: [string, string][] = [
      ...(item.title === null ? [] : [[t('item'), item.title] as [string, string]]),
      ...Object.entries(item.attributes).map(([name, value]): [string, string] => [name, value ?? '–']),
      [t('percentile'), percentileText(item.percentile, say(noEvents))],
      ...(item.created === null ? [] : [[t('created'), exactTime(item.created)] as [string, string]]),
      ...(item.removed === null ? [] : [[t('removed'), exactTime(item.removed)] as [string, string]]),
    ];
    return html`<dl>${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
  }

  /** The user's histories that have the item. */
  private sequences({ sequences = [] }: PairExplanation): TemplateResult[] {
    const timezone = this.model.sampler?.plan?.timezone ?? 'UTC';
    return sequences.map((history) => {
      const lines = pairHistoryLines(history, (iso) => secondTime(iso, timezone)).map(say);
      return html`<p class="caption">${lines.map((line) => html`<div>${line}</div>`)}</p>`;
    });
  }

  private leftOut({ leftOut }: PairExplanation): TemplateResult | typeof nothing {
    if (!leftOut) return nothing;
    const time = secondTime(leftOut.time, this.model.sampler?.plan?.timezone ?? 'UTC');
    return html`<p class="caption">${say(leftOutLine({ ...leftOut, time }))}</p>`;
  }

  private history({ history, positiveIn }: PairExplanation): TemplateResult {
    if (history.length === 0)
      return html`<p class="muted">${t('Nothing: the whole log has no row of this user with this item.')}</p>`;
    return html`<div class="wide-table"><table><thead><tr><th>${t('event')}</th><th class="number">${t('times')}</th><th>${t('first')}</th><th>${t('last')}</th></tr></thead>
      <tbody>${history.map(({ event, times, first, last }) => html`<tr><td>${event}</td><td class="number">${formatCount(times)}</td><td class="number">${exactTime(first)}</td><td class="number">${exactTime(last)}</td></tr>`)}</tbody></table></div>
      ${positiveIn === 0 ? nothing : html`<p class="caption">${positiveIn === 1 ? t('It is the positive of 1 group.') : t('It is the positive of {0} groups.', formatCount(positiveIn))}</p>`}`;
  }

  private entry(entry: PairEntry, groups: number): TemplateResult {
    const { name, source, membership, expected, drawnIn } = entry;
    const timezone = this.model.sampler?.plan?.timezone ?? 'UTC';
    const range = (low: string, high: string): string => (low === high ? low : t('{0} to {1}', low, high));
    const planned = this.model.sampler?.plan?.entries.find((one) => one.name === name);
    const counted = planned ? (entry.dayCounts ?? []).map((one) => say(dayCountText(one, planned))) : [];
    const against = [
      ...refusalLines(entry, groups),
      ...counted.slice(0, maxLines),
      ...(counted.length > maxLines ? [t('and {0} more', formatCount(counted.length - maxLines))] : []),
    ];
    return html`<tr><td><span class="name">${sourceGlyph(source)}${name}</span></td><td class="number">${t('{0} of {1}', formatCount(membership?.groups ?? 0), formatCount(groups))}</td>
      <td class="number">${membership ? range(smallText(Math.exp(membership.smallestLogQ)), smallText(Math.exp(membership.largestLogQ))) : '0'}</td><td class="number">${smallText(expected)}</td><td class="number">${formatCount(drawnIn.length)}</td></tr>
      <tr class="why"><td colspan="5">${membership ? html`<div class="number left">log q ${range(logText(membership.smallestLogQ), logText(membership.largestLogQ))}</div>` : nothing}${against.map((text) => html`<div>${text}</div>`)}${drawnIn.slice(0, maxLines).map(({ time, draw, keptBy, ...from }) => html`<div title=${exactTime(time)}>${t('draw {0} on {1}', draw + 1, shortTime(time, timezone))}${tableOf(from)}${keptBy === undefined ? nothing : ` · ${say(keptByText(keptBy))}`}</div>`)}
        ${drawnIn.length > maxLines ? html`<div>${t('and {0} more', formatCount(drawnIn.length - maxLines))}</div>` : nothing}</td></tr>`;
  }
}

function tableOf(from: Pick<PairEntry['drawnIn'][number], 'before' | 'pool'>): string {
  const table = tableText(from);
  return table === null ? '' : ` · ${say(table)}`;
}

const submitForm = ({ target }: Event): void => {
  if (target instanceof Element) target.closest('form')?.requestSubmit();
};
/** The toolkit's button is not a submit button, so Enter must submit the form here. */
const submitOnEnter = (event: KeyboardEvent): void => {
  if (event.key === 'Enter' && event.target instanceof HTMLInputElement) submitForm(event);
};

declare global {
  interface HTMLElementTagNameMap {
    'rs-explain-pane': ExplainPane;
  }
}

/** Reasons why an entry does not draw the item, by group. */
function refusalLines({ refused, noneOf, isPast }: PairEntry, groups: number): string[] {
  if (groups === 0) return [];
  const count = (n: number): string =>
    n >= groups ? t('in all groups') : n === 1 ? t('in 1 group') : t('in {0} groups', formatCount(n));
  const lines = reasonsIn(refused).map((reason) => {
    const name = reason === 'absent' && noneOf !== undefined ? noCountText(noneOf) : reasonText(reason, isPast);
    return `${say(name)} ${count(refused[reason])}`;
  });
  return lines.length > 0 ? lines : [t('nothing excludes it')];
}
