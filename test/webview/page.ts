// Serves the real pages of the webviews with a fake host, for the browser tests and for manual use: node --import tsx
// test/webview/page.ts
import { createServer, type Server } from 'node:http';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { contentSecurityPolicy, webviewPage } from '../../src/core/report/webviewPage.ts';
import { themes, type Theme } from './themes.ts';

const root = path.resolve(import.meta.dirname, '../..');
const nonce = 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6';

/**
 * The fake host encodes pages under the webview's policy, which forbids the code that Arrow's builders generate at run
 * time.
 */
const withoutEval: Plugin = {
  name: 'without-eval',
  setup: (build) =>
    build.onLoad({ filter: /apache-arrow[\\/]builder[\\/]valid\.mjs$/ }, () => ({
      contents: 'export const createIsValidFunction = (nulls) => (value) => !(nulls ?? []).includes(value);',
    })),
};

const views = ['inspector', 'preview', 'sidebar', 'trial'] as const;
/** The fake host of a view, if it has its own. */
const fakes: Readonly<Partial<Record<(typeof views)[number], string>>> = { preview: 'fakePreview', trial: 'fakeTrial' };
export type View = (typeof views)[number];
const isView = (name: string): name is View => views.some((view) => view === name);

export interface Pages {
  readonly address: string;
  close(): Promise<void>;
}

/** Bundles the webviews and the fake host, and serves them on a free port of 127.0.0.1. */
export async function servePages(port = 0): Promise<Pages> {
  const directory = await mkdtemp(path.join(tmpdir(), 'recsample-webview-'));
  await Promise.all([
    build({
      absWorkingDir: root,
      entryPoints: {
        inspector: 'webview/inspector/main.ts',
        preview: 'webview/preview/main.ts',
        trial: 'webview/trial/main.ts',
        sidebar: 'webview/sidebar/main.ts',
      },
      outdir: directory,
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'browser',
      target: 'es2022',
      // A map inside of the script would be most of what a page loads.
      sourcemap: 'linked',
      tsconfig: 'webview/tsconfig.json',
      logLevel: 'warning',
    }),
    build({
      absWorkingDir: root,
      entryPoints: ['test/webview/fakeHost.ts', 'test/webview/fakePreview.ts', 'test/webview/fakeTrial.ts'],
      outdir: directory,
      bundle: true,
      format: 'iife',
      platform: 'browser',
      target: 'es2022',
      logLevel: 'warning',
      plugins: [withoutEval],
    }),
  ]);
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const origin = `http://${request.headers.host ?? ''}`;
    void answer(url, origin, directory).then(
      ({ type, body }) => {
        response.writeHead(200, {
          'content-type': type,
          // A page of the same process then takes a script from memory, and does not parse it again. Scripts change
          // where people look at pages, which is on a fixed port.
          ...(port !== 0 || type.startsWith('text/html') ? {} : { 'cache-control': 'max-age=3600, immutable' }),
          ...(type.startsWith('text/html') ? { 'content-security-policy': contentSecurityPolicy(origin, nonce) } : {}),
        });
        response.end(body);
      },
      () => {
        response.writeHead(404);
        response.end();
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${portOf(server)}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(directory, { recursive: true });
    },
  };
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function answer(url: URL, origin: string, directory: string): Promise<{ type: string; body: string | Buffer }> {
  const name = url.pathname.slice(1);
  if (name === 'favicon.ico') return { type: 'image/x-icon', body: '' };
  if (isView(name)) return { type: 'text/html; charset=utf-8', body: await page(name, url.searchParams, origin) };
  const file = name.startsWith('codicon')
    ? path.join(root, 'node_modules/@vscode/codicons/dist', path.basename(name))
    : path.join(directory, path.basename(name));
  const type =
    { '.js': 'text/javascript', '.css': 'text/css', '.ttf': 'font/ttf' }[path.extname(file)] ??
    'application/octet-stream';
  return { type, body: await readFile(file) };
}

/** The page as the host writes it, with the workbench's additions: the theme and the API to the host. */
async function page(name: View, parameters: URLSearchParams, origin: string): Promise<string> {
  const chinese = parameters.get('locale') === 'zh-cn';
  const strings: unknown = chinese
    ? JSON.parse(await readFile(path.join(root, 'l10n/bundle.l10n.zh-cn.json'), 'utf8'))
    : {};
  const text = webviewPage({
    language: chinese ? 'zh-cn' : 'en',
    title: 'RecSample Inspector',
    cspSource: origin,
    nonce,
    script: `${origin}/${name}.js`,
    styles: [`${origin}/codicon.css`],
    boot: { locale: chinese ? 'zh-cn' : 'en', strings, nonce, name: 'recall.parquet' },
  });
  const wanted = parameters.get('theme') ?? 'dark';
  const theme: Theme = Object.hasOwn(themes, wanted) ? themes[wanted as keyof typeof themes] : themes.dark;
  return text
    .replace(
      '<script type="module"',
      `<style nonce="${nonce}">${styleOf(theme, name)}</style>\n<script nonce="${nonce}" src="${origin}/${fakes[name] ?? 'fakeHost'}.js"></script>\n<script type="module"`,
    )
    .replace('<body>', `<body class="${theme.classes}" data-vscode-theme-kind="${theme.kind}">`);
}

function styleOf(theme: Theme, name: string): string {
  const variables = Object.entries(theme.variables)
    .map(([key, value]) => `--vscode-${key}: ${value};`)
    .join(' ');
  // Like the workbench does for scroll bars in webviews and for views in the sidebar.
  const slider = theme.variables['scrollbarSlider-background'] ?? theme.variables['contrastBorder'] ?? '#888';
  return `:root { ${variables} }
    ::-webkit-scrollbar { width: 10px; height: 10px; } ::-webkit-scrollbar-thumb { background-color: ${slider}; } ::-webkit-scrollbar-corner { background: transparent; }
    ${name === 'sidebar' ? 'body { background: var(--vscode-sideBar-background); }' : ''}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { address } = await servePages(Number(process.argv[2] ?? 4173));
  process.stdout.write(
    `${address}/inspector?theme=dark&rows=19191123\n${address}/preview?theme=dark\n${address}/sidebar?theme=dark\n`,
  );
}
