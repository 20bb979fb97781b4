import { css } from 'lit';
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { adopt } from './element.ts';

/**
 * Below 900 CSS pixels there is no space for two columns: a pane covers the content and can be closed. Zoom counts,
 * because it makes CSS pixels larger.
 */
const narrow = '(max-width: 899px)';

adopt(css`
  .pane { width: 312px; flex: none; border-left: 1px solid var(--vscode-panel-border); min-height: 0; }
  body .narrow-only { display: none; }
  @media (max-width: 899px) {
    .pane {
      position: absolute; z-index: 6; top: 0; right: 0; bottom: 0; width: min(336px, calc(100% - 96px)); background: var(--vscode-editorWidget-background, var(--vscode-editor-background));
      border-left-color: var(--vscode-editorWidget-border, var(--vscode-contrastBorder, var(--vscode-panel-border))); box-shadow: -4px 0 8px var(--vscode-widget-shadow, transparent);
    }
    body .narrow-only { display: inline-flex; }
    body .wide-only { display: none; }
  }
`);

/** Evaluates a media query and renders its element again when the result changes. */
export class MediaMatch implements ReactiveController {
  private readonly query: MediaQueryList;
  private readonly update = (): void => this.host.requestUpdate();

  constructor(
    private readonly host: ReactiveControllerHost,
    condition: string = narrow,
  ) {
    this.query = matchMedia(condition);
    host.addController(this);
  }
  get matches(): boolean {
    return this.query.matches;
  }
  hostConnected(): void {
    this.query.addEventListener('change', this.update);
  }
  hostDisconnected(): void {
    this.query.removeEventListener('change', this.update);
  }
}
