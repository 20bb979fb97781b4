import { escapeHtml } from '../../core/message/escape.ts';
import { contentSecurityPolicy } from '../../core/report/webviewPage.ts';

export interface GatePage {
  readonly language: string;
  readonly cspSource: string;
  readonly nonce: string;
  readonly title: string;
  readonly text: string;
  /** The target of a link, on its own line; null if the path is not a link. */
  readonly target: string | null;
  readonly button: string;
}

/** The message that the page posts when its button is pressed. */
export const gateMessage = 'open-data-file';

/** The page shown instead of a data file until the user agrees: one sentence, one button. Reads nothing. */
export function gatePage(page: GatePage): string {
  const nonce = escapeHtml(page.nonce);
  return `<!DOCTYPE html>
<html lang="${escapeHtml(page.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(contentSecurityPolicy(page.cspSource, page.nonce))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(page.title)}</title>
<style nonce="${nonce}">
body { background: var(--vscode-editor-background); color: var(--vscode-foreground); font: 13px/18px var(--vscode-font-family); padding: 0; }
main { max-width: 420px; margin: 96px auto 0; padding: 0 16px; text-align: center; }
h1 { font-size: 13px; font-weight: 600; margin: 0 0 8px; }
p { margin: 0 0 16px; }
code { font-family: var(--vscode-editor-font-family); overflow-wrap: anywhere; }
button { background: var(--vscode-button-background); color: var(--vscode-button-foreground); border: 1px solid var(--vscode-button-border, transparent);
  border-radius: 2px; padding: 4px 12px; font: inherit; cursor: pointer; }
button:hover { background: var(--vscode-button-hoverBackground); }
button:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: 2px; }
</style>
</head>
<body><main>
<h1>${escapeHtml(page.title)}</h1>
<p>${escapeHtml(page.text)}</p>${page.target === null ? '' : `\n<p><code>${escapeHtml(page.target)}</code></p>`}
<button type="button">${escapeHtml(page.button)}</button>
</main>
<script nonce="${nonce}">
const vscode = acquireVsCodeApi();
const button = document.querySelector('button');
button.addEventListener('click', () => vscode.postMessage('${gateMessage}'));
button.focus();
</script>
</body>
</html>
`;
}
