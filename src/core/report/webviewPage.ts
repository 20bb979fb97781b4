import { escapeHtml } from './escape.ts';

/** What a webview's page is made of. Addresses are as the webview loads them (`webview.asWebviewUri`). */
export interface WebviewPage {
  /** BCP 47 tag for `<html lang>`. */
  readonly language: string;
  readonly title: string;
  /** `webview.cspSource`: where style sheets, fonts and pictures may come from. */
  readonly cspSource: string;
  /** Fresh for each page: at least 128 random bits, letters and digits only. */
  readonly nonce: string;
  readonly script: string;
  readonly styles: readonly string[];
  /** What the script reads from `#boot` before its first message. */
  readonly boot: unknown;
}

/**
 * The whole HTML text of a webview. Scripts run by nonce only, nothing is fetched from elsewhere; the meta element
 * `csp-nonce` is where the component library looks for the nonce of its style elements.
 */
export function webviewPage(page: WebviewPage): string {
  const { nonce } = page;
  const styles = page.styles.map((address) => `<link rel="stylesheet" href="${escapeHtml(address)}">`).join('\n');
  return `<!DOCTYPE html>
<html lang="${escapeHtml(page.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(contentSecurityPolicy(page.cspSource, nonce))}">
<meta property="csp-nonce" content="${escapeHtml(nonce)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(page.title)}</title>
${styles}
<script type="application/json" id="boot" nonce="${escapeHtml(nonce)}">${scriptJson(page.boot)}</script>
<script type="module" nonce="${escapeHtml(nonce)}" src="${escapeHtml(page.script)}"></script>
</head>
<body><main></main></body>
</html>
`;
}

/**
 * The policy of every webview: deny all, then styles, fonts and pictures of the extension, and scripts that carry the
 * nonce.
 */
export function contentSecurityPolicy(cspSource: string, nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource} 'nonce-${nonce}'`,
    `font-src ${cspSource}`,
    `img-src ${cspSource} data:`,
  ].join('; ');
}

/** JSON that cannot end its script element: `<` never stands as itself. */
function scriptJson(value: unknown): string {
  return JSON.stringify(value).replace(/</g, '\\u003c');
}
