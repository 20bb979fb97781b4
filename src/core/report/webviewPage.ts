import { escapeHtml } from '../message/escape.ts';

/** Content of a webview's page. Addresses are in the form that the webview loads (`webview.asWebviewUri`). */
export interface WebviewPage {
  /** BCP 47 tag for `<html lang>`. */
  readonly language: string;
  readonly title: string;
  /** `webview.cspSource`: the allowed origin of style sheets, fonts and images. */
  readonly cspSource: string;
  /** New for each page: at least 128 random bits, letters and digits only. */
  readonly nonce: string;
  readonly script: string;
  readonly styles: readonly string[];
  /** Data that the script reads from `#boot` before its first message. */
  readonly boot: unknown;
}

/**
 * The complete HTML text of a webview. Scripts run only with the nonce, and nothing is loaded from elsewhere. The
 * component library reads the nonce for its style elements from the meta element `csp-nonce`.
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

/** The policy of every webview: only styles, fonts and images of the extension, and scripts with the nonce. */
export function contentSecurityPolicy(cspSource: string, nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource} 'nonce-${nonce}'`,
    `font-src ${cspSource}`,
    `img-src ${cspSource} data:`,
  ].join('; ');
}

/** JSON that cannot close its script element: every `<` is escaped. */
function scriptJson(value: unknown): string {
  return JSON.stringify(value).replace(/</g, '\\u003c');
}
