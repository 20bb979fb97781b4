import { markup, type Content, type Markup } from './markup.ts';
import { pageStyle } from './pageStyle.ts';

/** A page without other files, scripts or network access. `style`: added to the style of all reports. */
export function htmlPage(
  { language, title, style }: { readonly language: string; readonly title: string; readonly style?: Markup },
  body: Content,
): string {
  const page = markup`<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
${pageStyle}${style ?? ''}
</head>
<body>
<main>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`;
  return `<!DOCTYPE html>\n${page.text}`;
}
