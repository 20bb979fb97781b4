import { html, type TemplateResult } from 'lit';
import { inspectorTabs, showTab, type InspectorCommand, type InspectorTab } from '../../src/protocol/inspector.ts';
import { t } from '../strings.ts';
import type { InspectorModel } from './inspectorModel.ts';

/** A tab of the inspector. Its key is Alt with its number, counted from 1. */
export interface Tab {
  readonly id: InspectorTab;
  readonly label: () => string;
  /** The palette command that shows it. */
  readonly command: InspectorCommand;
  /** True if it shows the rows of the filter, and the filter bar above them. */
  readonly isFiltered: boolean;
  /** Number of findings next to the label; 0 is not shown. */
  readonly findings?: (model: InspectorModel) => number;
  /** @param filterColumn adds a condition on a column to the filter bar */
  readonly render: (model: InspectorModel, filterColumn: (name: string, range?: boolean) => void) => TemplateResult;
}

const definitions: Readonly<Record<InspectorTab, Omit<Tab, 'id' | 'command'>>> = {
  rows: {
    label: () => t('Rows'),
    isFiltered: true,
    render: (model, filterColumn) =>
      html`<rs-notices .model=${model}></rs-notices><rs-rows class="panel-body" .model=${model} @filter-column=${(event: CustomEvent<string>) => filterColumn(event.detail)} @filter-range=${(event: CustomEvent<string>) => filterColumn(event.detail, true)}></rs-rows>`,
  },
  columns: {
    label: () => t('Columns'),
    isFiltered: true,
    render: (model, filterColumn) =>
      html`<rs-columns .model=${model} @filter-column=${(event: CustomEvent<string>) => filterColumn(event.detail)}></rs-columns>`,
  },
  distribution: {
    label: () => t('Distribution'),
    isFiltered: false,
    render: (model) => html`<rs-distribution .model=${model}></rs-distribution>`,
  },
  audit: {
    label: () => t('Audit'),
    isFiltered: false,
    findings: ({ audit: { state } }) => (state.kind === 'done' ? state.view.findings.length : 0),
    render: (model) => html`<rs-audit .model=${model}></rs-audit>`,
  },
  file: {
    label: () => t('File'),
    isFiltered: false,
    render: (model) => html`<rs-file .model=${model}></rs-file>`,
  },
};

/** All tabs, from left to right. */
export const tabs: readonly Tab[] = inspectorTabs.map(tabOf);

export function tabOf(id: InspectorTab): Tab {
  return { id, command: showTab(id), ...definitions[id] };
}
