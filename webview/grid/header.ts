import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { classMap } from 'lit/directives/class-map.js';
import { roleIcons, roleNames } from '../../src/core/table/roleName.ts';
import { typeName } from '../../src/core/table/type.ts';
import { isNumeric } from '../../src/core/table/type.ts';
import type { SortKey } from '../../src/core/table/filter.ts';
import type { ColumnProfile } from '../../src/core/table/profile.ts';
import { miniChart } from '../charts/mini.ts';
import { isBrushable } from './chartBrush.ts';
import { middleCut } from '../components/middleCut.ts';
import { say, t } from '../strings.ts';
import type { Layout } from './layout.ts';

export const headerHeight = { plain: 44, charts: 68 } as const;
const chartHeight = 24;

export interface HeaderModel {
  readonly layout: Layout;
  readonly positions: readonly number[];
  readonly sort: readonly SortKey[];
  readonly charts: boolean;
  /** Position of the header cell that Tab reaches; −1 while Tab reaches a cell of the body. */
  readonly active: number;
  readonly profile: (index: number) => ColumnProfile | null;
}

/** The header row. Like body cells, its cells are positioned by the grid. */
export function header({ layout, positions, sort, charts, active, profile }: HeaderModel): TemplateResult {
  return html`
    <div class="head-cell row-number" role="columnheader" aria-colindex="1"><span class="head-name muted">${t('row')}</span></div>
    ${repeat(
      positions,
      (position) => layout.lanes[position]?.index,
      (position) => {
        const lane = layout.lanes[position];
        if (!lane) return nothing;
        const { column } = lane;
        const key = sort.findIndex((k) => k.column === column.name);
        const descending = sort[key]?.descending === true;
        const columnProfile = charts ? profile(lane.index) : null;
        const role = column.role?.role;
        return html`<div class=${classMap({ 'head-cell': true, pinned: lane.pinned, numeric: isNumeric(column.type) })} role="columnheader" data-position=${position}
        aria-colindex=${position + 2} aria-sort=${key < 0 ? 'none' : descending ? 'descending' : 'ascending'} tabindex=${position === active ? 0 : -1}
        aria-label=${headerLabel(column.name, typeName(column.type), role === undefined ? '' : say(roleNames[role]), lane.pinned)}
        title=${column.role ? `${column.name}\n${say(roleNames[column.role.role])}: ${say(column.role.reason)}` : column.name}>
        <span class="head-name">
          ${role === undefined ? nothing : html`<span class="codicon codicon-${roleIcons[role]}" aria-hidden="true"></span>`}
          ${middleCut(column.name)}
          ${key < 0 ? nothing : html`<span class="codicon codicon-arrow-${descending ? 'down' : 'up'}" aria-hidden="true"></span>${sort.length > 1 ? html`<span class="caption">${key + 1}</span>` : nothing}`}
          ${lane.pinned ? html`<span class="codicon codicon-pinned" aria-hidden="true"></span>` : nothing}
        </span>
        <span class="head-type cut">${typeName(column.type)}</span>
        ${charts ? html`<span class="head-chart ${isBrushable(columnProfile) ? 'brushable' : ''}" title=${isBrushable(columnProfile) ? t('Drag over the bars to filter by their range. Click a bar to filter by it.') : nothing}>${columnProfile ? miniChart(columnProfile, Math.max(16, Math.min(lane.width - 17, 160)), chartHeight) : nothing}</span>` : nothing}
        <span class="resize" data-resize></span>
      </div>`;
      },
    )}`;
}

function headerLabel(name: string, type: string, role: string, pinned: boolean): string {
  return [name, type, role, pinned ? t('pinned') : ''].filter((part) => part !== '').join(', ');
}
