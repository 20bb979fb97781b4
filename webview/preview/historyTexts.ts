import { html, nothing, type TemplateResult } from 'lit';
import { ageOf, historyParts, leftOutParts, spanText, stepsOf } from '../../src/core/report/sequenceSteps.ts';
import type { ShownHistory, ShownSequence, ShownStep } from '../../src/core/sampling/shownHistories.ts';
import { formatCount } from '../../src/core/table/format.ts';
import type { PreviewGroup, PreviewUser, SamplingFacts } from '../../src/protocol/sampling.ts';
import { say, t } from '../strings.ts';
import { exactTime, itemName, secondTime } from './texts.ts';

/** The history of a group in one sequence. */
export interface GroupHistory {
  readonly sequence: ShownSequence;
  readonly history: ShownHistory;
  /** Steps of the user, by the indices of the history. */
  readonly steps: readonly ShownStep[];
}

/** Most steps of a history that are listed. */
export const maxSteps = 20;

/** The histories of a group, by sequence. */
export function historiesOf(
  { steps = [] }: Pick<PreviewUser, 'steps'>,
  { histories = [] }: PreviewGroup,
  sequences: readonly ShownSequence[],
): GroupHistory[] {
  return sequences.flatMap((sequence, k) => {
    const [history, ofUser] = [histories[k], steps[k]];
    return history && ofUser ? [{ sequence, history, steps: ofUser }] : [];
  });
}

function summaryOf({ sequence, history, steps }: GroupHistory, timezone: string): string {
  return historyParts(sequence, history, steps, (iso) => secondTime(iso, timezone))
    .map(say)
    .join(' · ');
}

/** The cells of a history's line. */
export function historyLine(group: GroupHistory, timezone: string): TemplateResult {
  const text = summaryOf(group, timezone);
  return html`<span role="gridcell"><span class="codicon codicon-history" aria-hidden="true"></span></span><span role="gridcell" class="batch-text"><span>${group.sequence.name}</span><span class="why"><span class="cut" title=${text}>${text}</span></span></span>`;
}

/** A history with what is left out, and its newest steps as a table. A narrow line has no room for its summary. */
export function historyDetails(group: GroupHistory, facts: SamplingFacts | null, timezone: string): TemplateResult {
  const { sequence, history, steps } = group;
  const leftOut = leftOutParts(sequence, history).map(say);
  const listed = stepsOf(history, steps);
  return html`<div role="gridcell" class="why-history"><div>${summaryOf(group, timezone)}</div>${leftOut.length === 0 ? nothing : html`<div>${t('left out: {0}', leftOut.join(' · '))}</div>`}${
    listed.length === 0
      ? html`<div>${t('No step is visible.')}</div>`
      : html`<table class="steps"><thead><tr><th>${t('before')}</th><th>${sequence.value ?? t('item')}</th>${history.sessions === null ? nothing : html`<th>${t('session')}</th>`}${sequence.columns.map((name) => html`<th>${name}</th>`)}</tr></thead>
        <tbody>${listed
          .slice(0, maxSteps)
          .map(
            ({ step, session }) =>
              html`<tr><td class="number" title=${`${secondTime(step.time, timezone)} · ${exactTime(step.time)}`}>${spanText(ageOf(history, step))}</td><td title=${step.item}>${itemName(facts, step.item)}</td>${session === null ? nothing : html`<td class="number">${session}</td>`}${step.values.map((value) => html`<td>${value ?? html`<span class="null">null</span>`}</td>`)}</tr>`,
          )}</tbody></table>`
  }${listed.length <= maxSteps ? nothing : html`<div>${t('and {0} more', formatCount(listed.length - maxSteps))}</div>`}</div>`;
}
