import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { moreMemory } from '../workbench/harness/browser.ts';
import { hung } from '../workbench/harness/deadlines.ts';
import { servePages, type Pages, type View as ViewName } from './page.ts';
import { themes, type Theme } from './themes.ts';

/** A page of a webview in a real browser. */
export interface View {
  readonly page: Page;
  /** Everything that a page must not do: policy violations, errors, exceptions. */
  readonly complaints: string[];
}

export interface OpenOptions {
  readonly path?: ViewName;
  readonly width?: number;
  readonly height?: number;
  readonly parameters?: Readonly<Record<string, string | number>>;
}

export interface Stage {
  readonly open: (options?: OpenOptions) => Promise<View>;
  /** Checks the complaints of the page, and leaves it. */
  readonly close: (view: View) => Promise<void>;
}

/** Random numbers that are the same in every run: each call returns the next number. */
const fixedChance = `{ let next = 0; crypto.getRandomValues = (words) => words.fill(++next); }`;

const usualSize = { width: 1100, height: 800 };

let isDeclared = false;
let context: BrowserContext | undefined;
let pages: Pages | undefined;
/** The empty page that the last test left. A failed test leaves none. */
let left: Page | undefined;

async function start(): Promise<void> {
  pages = await servePages();
  const browser = await chromium.launch({
    executablePath: process.env['RECSAMPLE_CHROMIUM'] ?? '/usr/bin/chromium',
    timeout: hung,
    args: ['--no-sandbox', '--process-per-site', moreMemory],
    ignoreDefaultArgs: ['--hide-scrollbars'],
  });
  context = await browser.newContext({ viewport: usualSize, reducedMotion: 'reduce' });
  context.setDefaultTimeout(hung);
  await context.addInitScript({ content: fixedChance });
  // The process of the pages, with their compiled scripts, lives as long as one of them.
  await (await context.newPage()).goto(`${pages.address}/favicon.ico`);
}

async function stop(): Promise<void> {
  await context?.browser()?.close();
  await pages?.close();
}

async function open({
  path = 'inspector',
  width = usualSize.width,
  height = usualSize.height,
  parameters = {},
}: OpenOptions = {}): Promise<View> {
  assert.ok(context && pages);
  const page = left ?? (await context.newPage());
  left = undefined;
  const size = page.viewportSize();
  if (width !== size?.width || height !== size.height) await page.setViewportSize({ width, height });
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || /Content Security Policy/.test(message.text())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  const query = new URLSearchParams(Object.entries(parameters).map(([key, value]) => [key, String(value)]));
  await page.goto(`${pages.address}/${path}?${query.toString()}`);
  return { page, complaints };
}

/** Leaves the page to the next test, empty and without the state that the view has saved: a new page costs more. */
async function close({ page, complaints }: View): Promise<void> {
  await page.goto(`${pages?.address ?? ''}/favicon.ico`);
  await page.evaluate(() => sessionStorage.clear());
  page.removeAllListeners('console').removeAllListeners('pageerror');
  assert.deepEqual(complaints, []);
  left = page;
}

/** One browser and one server for all tests of a process. */
export function stage(): Stage {
  if (!isDeclared) {
    isDeclared = true;
    before(start);
    after(stop);
  }
  return { open, close };
}

/** Changes the theme of an open page, as the workbench does: variables of the root, classes of the body. */
export async function useTheme(page: Page, theme: Theme): Promise<void> {
  await page.evaluate(
    ({ kind, classes, variables, known }) => {
      const { style } = document.documentElement;
      // A variable that this theme does not have counts as not declared.
      for (const name of known) style.setProperty(`--vscode-${name}`, variables[name] ?? 'initial');
      document.body.className = classes;
      document.body.dataset['vscodeThemeKind'] = kind;
    },
    { ...theme, known: Object.values(themes).flatMap(({ variables }) => Object.keys(variables)) },
  );
}

/** Polls every frame until `accept` takes the value from the page. @throws Error if that takes too long */
export async function until<T>(page: Page, read: () => T, accept: (value: Awaited<T>) => boolean): Promise<Awaited<T>> {
  const deadline = Date.now() + hung;
  let value = await page.evaluate(read);
  while (!accept(value)) {
    if (Date.now() > deadline)
      throw new Error(`waited for another value than ${JSON.stringify(value)} of ${String(read)}`);
    // One message for both: each costs more than the look.
    value = await page.evaluate<Awaited<T>>(`new Promise(requestAnimationFrame).then(${String(read)})`);
  }
  return value;
}

/**
 * Waits until every visible cell has its value, and the columns are as wide as these need: the grid widens them when it
 * has drawn the values, in a frame of its own. The mouse would miss what moves then.
 */
export async function painted(page: Page): Promise<void> {
  await until(
    page,
    async () => {
      const places: string[] = [];
      for (let frames = 0; frames < 2; frames++) {
        if (!document.querySelector('rs-grid .row:not([hidden]) .cell')) return false;
        if (document.querySelector('rs-grid .row:not([hidden]) .cell.waiting')) return false;
        const heads = document.querySelectorAll<HTMLElement>('rs-grid .head-cell');
        places.push(Array.from(heads, ({ style }) => style.left + style.width).join());
        if (frames === 0) await new Promise(requestAnimationFrame).then(() => new Promise(requestAnimationFrame));
      }
      return places[0] === places[1];
    },
    (isPainted) => isPainted,
  );
}

/** The text of a cell by its 1-based ARIA row and column; null if it is not visible. */
export function cellText(page: Page, row: number, column: number): Promise<string | null> {
  return page.evaluate(
    ([r, c]) =>
      document.querySelector(`rs-grid .row[aria-rowindex="${r}"] > [aria-colindex="${c}"]`)?.textContent ?? null,
    [row, column] as const,
  );
}

/** Waits for the text of a cell. @throws Error if that takes too long */
export async function waitForCell(
  page: Page,
  row: number,
  column: number,
  accept: (text: string) => boolean = (text) => text !== '',
): Promise<string> {
  const deadline = Date.now() + hung;
  for (;;) {
    const text = await cellText(page, row, column);
    if (text !== null && accept(text)) return text;
    if (Date.now() > deadline) throw new Error(`waited for another text than ${String(text)} at ${row}, ${column}`);
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
}

/** Clicks the cell at a 1-based ARIA row and column. */
export async function clickCell(page: Page, row: number, column: number): Promise<void> {
  await page.locator(`rs-grid .row[aria-rowindex="${row}"] > [aria-colindex="${column}"]`).click();
}

/** Requests to the host with this name, in order. */
export function requests(page: Page, method: string): Promise<Record<string, unknown>[]> {
  return page.evaluate(
    (name) =>
      window.fake.requests
        .filter((request) => request.method === name)
        .map((request) => request.params as Record<string, unknown>),
    method,
  );
}
