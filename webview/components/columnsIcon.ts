import { html } from 'lit';

/** A frame with three columns, for choosing columns. No codicon shows columns. */
export const columnsIcon = html`<svg class="columns-icon" width="16" height="16" viewBox="0 0 16 16" fill="none" stroke="currentColor" aria-hidden="true"><rect x="1.5" y="2.5" width="13" height="11" rx="1"></rect><path d="M1.5 5.5h13M5.83 5.5v8M10.17 5.5v8"></path></svg>`;
