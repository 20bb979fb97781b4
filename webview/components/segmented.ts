import { css, html, type TemplateResult } from 'lit';
import { adopt } from '../element.ts';

adopt(css`
  .segmented {
    display: inline-flex;
    flex: none;
    height: 22px;
    border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, transparent));
    border-radius: 2px;
    font-size: 12px;
  }
  .segmented button { padding: 0 7px; line-height: 20px; color: var(--rs-muted); white-space: nowrap; }
  .segmented button + button {
    border-left: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, transparent));
  }
  .segmented button[aria-checked='true'] { background: var(--vscode-inputOption-activeBackground); color: var(--vscode-inputOption-activeForeground); }
  body.vscode-high-contrast .segmented button[aria-checked='true'] { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
`);

/** A choice between a few visible options: a radio group with arrow key navigation. */
export function segmented<T extends string>(
  label: string,
  choices: readonly (readonly [T, string])[],
  chosen: T,
  choose: (choice: T) => void,
): TemplateResult {
  const key = (event: KeyboardEvent): void => {
    const step =
      event.key === 'ArrowRight' || event.key === 'ArrowDown'
        ? 1
        : event.key === 'ArrowLeft' || event.key === 'ArrowUp'
          ? -1
          : 0;
    if (step === 0) return;
    const index = choices.findIndex(([choice]) => choice === chosen);
    const next = (index + step + choices.length) % choices.length;
    const choice = choices[next];
    if (!choice) return;
    event.preventDefault();
    event.stopPropagation();
    choose(choice[0]);
    if (event.currentTarget instanceof HTMLElement) event.currentTarget.querySelectorAll('button')[next]?.focus();
  };
  return html`<div class="segmented" role="radiogroup" aria-label=${label} @keydown=${key}>${choices.map(
    ([choice, text]) => html`
    <button role="radio" aria-checked=${choice === chosen ? 'true' : 'false'} tabindex=${choice === chosen ? 0 : -1} @click=${() => choose(choice)}>${text}</button>`,
  )}</div>`;
}
