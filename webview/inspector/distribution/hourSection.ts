import { html, nothing, type TemplateResult } from 'lit';
import { formatCount } from '../../../src/core/table/format.ts';
import type { DayBand, HourCell, HourRange } from '../../charts/hourChart.ts';
import { t } from '../../strings.ts';
import type { InspectorModel } from '../inspectorModel.ts';
import { figureIn, rowsIn } from './readMetric.ts';

const HOURS = 24;
const DAY = 86_400_000;
/** Maximum number of days shown; earlier days are left out. */
const MAX_DAYS = 400;

interface Hour extends HourCell {
  /** Index of the hour, counted from hour 0 of the first day. */
  readonly place: number;
  /** Smallest and largest time of the file in the hour; null if the file has no rows that a filter could keep. */
  readonly from: string | null;
  readonly to: string | null;
}

/** Days × hours, with the windows of the config. A brush shows its rows. */
export function hourSection(model: InspectorModel): TemplateResult | typeof nothing {
  const metric = model.audit.measured('day_hours');
  const rows = rowsIn(metric, 'hours');
  const [first, last] = [rows[0], rows.at(-1)];
  if (!first || !last) return nothing;
  const end = dayNumber(String(last[0]));
  const start = Math.max(dayNumber(String(first[0])), end - MAX_DAYS + 1);
  const days = Array.from({ length: end - start + 1 }, (_, k) => dayText(start + k));
  const all = rows.map(([day, hour, count, positives, from, to]): Hour => ({
    place: (dayNumber(String(day)) - start) * HOURS + Number(hour),
    rows: Number(count),
    positives: Number(positives),
    from: typeof from === 'string' ? from : null,
    to: typeof to === 'string' ? to : null,
  }));
  const hours = all.filter(({ place }) => place >= 0);
  const byPlace = new Map(hours.map((hour) => [hour.place, hour]));
  const [low, high] = [hours[0]?.place ?? 0, hours.at(-1)?.place ?? 0];
  const cells = Array.from({ length: days.length * HOURS }, (_, k): HourCell | null =>
    k < low || k > high ? null : (byPlace.get(k) ?? { rows: 0, positives: 0 }),
  );
  const bands = rowsIn(metric, 'windows').flatMap(([name, from, to]): DayBand[] => {
    const [begin, until] = [
      Math.max(0, typeof from === 'string' ? dayNumber(from.slice(0, 10)) - start : 0),
      Math.min(days.length - 1, typeof to === 'string' ? dayNumber(to.slice(0, 10)) - start : days.length - 1),
    ];
    return begin <= until ? [{ name: String(name), from: begin, to: until }] : [];
  });
  const brush = ({ detail }: CustomEvent<HourRange>): void => showHours(model, hours, detail);
  const empty = figureIn(metric, 'empty') ?? 0;
  const hasLabels = hours.some(({ positives }) => positives > 0);
  return html`<section><h2>${hasLabels ? t('Positives by hour') : t('Rows by hour')}<small>${empty === 0 ? nothing : t('{0} hours without rows', formatCount(empty))}</small></h2>
    <rs-hours tools .name=${hasLabels ? t('Positives by hour') : t('Rows by hour')} .days=${days} .cells=${cells} .bands=${bands} .hasLabels=${hasLabels} @brush=${brush}></rs-hours>${hours.length < all.length ? html`<p class="note">${t('Only the last {0} days are drawn.', MAX_DAYS)}</p>` : nothing}</section>`;
}

/** Filters by the smallest and the largest time in the chosen hours, so that no zone has to be converted. */
function showHours(model: InspectorModel, hours: readonly Hour[], { from, to }: HourRange): void {
  const { state } = model.audit;
  const column = state.kind === 'done' ? (state.view.sample.columns.time?.name ?? null) : null;
  const chosenHours = hours.filter(({ place }) => place >= from && place <= to);
  const [first, last] = [chosenHours[0]?.from ?? null, chosenHours.at(-1)?.to ?? null];
  if (column === null || first === null || last === null) {
    model.say(t('No filter can keep these rows'));
    return;
  }
  model.showRows({ conditions: [{ column, op: 'between', values: [first, last] }], expression: '' });
}

const dayNumber = (day: string): number => Math.round(Date.parse(`${day}T00:00:00Z`) / DAY);
const dayText = (day: number): string => new Date(day * DAY).toISOString().slice(0, 10);
