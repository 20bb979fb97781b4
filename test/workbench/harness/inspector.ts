import type { Locator } from 'playwright-core';
import { waitForFrames } from './until.ts';
import type { Webview, WorkbenchWindow } from './window.ts';

/** The inspector of one file in a window: finds its parts like a user and performs user actions. */
export class Inspector {
  readonly frame: Webview['frame'];

  private constructor(
    readonly window: WorkbenchWindow,
    readonly webview: Webview,
  ) {
    this.frame = webview.frame;
  }

  /** Opens a file and waits for its view. `place` is the path in the workspace. */
  static async open(window: WorkbenchWindow, place: string): Promise<Inspector> {
    await window.openFile(place);
    return Inspector.of(window, place.split('/').at(-1) ?? place);
  }

  /** The visible inspector, by the title of its tab. */
  static async of(window: WorkbenchWindow, title: string): Promise<Inspector> {
    return new Inspector(window, await window.webview(title));
  }

  get grid(): Locator {
    return this.frame.getByRole('grid', { name: 'Rows' });
  }
  get footer(): Locator {
    return this.frame.locator('rs-footer');
  }
  get detail(): Locator {
    return this.frame.locator('rs-detail');
  }

  header(column: string): Locator {
    return this.frame.getByRole('columnheader', { name: new RegExp(`^${column},`) });
  }

  /** A cell by 0-based row and column; it exists only while it is visible. */
  async cell(row: number, column: string): Promise<Locator> {
    const position = await this.header(column).getAttribute('data-position');
    return this.frame.locator(`.row[data-row="${row}"] .cell[data-position="${position ?? ''}"]`);
  }

  /** The text of a cell, once it is loaded. */
  async text(row: number, column: string): Promise<string> {
    await this.drawn();
    const cell = await this.cell(row, column);
    await cell.and(this.frame.locator(':not(.waiting)')).waitFor();
    return (await cell.textContent()) ?? '';
  }

  /** Resolves when every visible cell has its value. */
  async painted(): Promise<void> {
    await this.drawn();
    await this.frame.locator('.row[data-row="0"] .cell[data-position]').first().waitFor();
    await this.frame.locator('.row:not([hidden]) .cell.waiting').first().waitFor({ state: 'detached' });
  }

  /** Resolves when the grid shows the last change: until its next frame, it shows the cells of before. */
  private async drawn(): Promise<void> {
    await waitForFrames(this.frame.locator('body'));
  }

  /** Resolves when the small charts of the header are drawn. */
  async charted(): Promise<void> {
    await this.frame.locator('.head-chart svg').first().waitFor();
    await this.frame.locator('.head-chart:empty').first().waitFor({ state: 'detached' });
  }

  async tab(name: 'Rows' | 'Columns' | 'File'): Promise<void> {
    await this.frame.getByRole('tab', { name }).click();
    await this.frame.getByRole('tab', { name, selected: true }).waitFor();
  }

  /** Chooses an entry of a column's menu. */
  async columnMenu(column: string, entry: string): Promise<void> {
    await this.header(column).click({ button: 'right' });
    await this.frame.getByRole('menuitem', { name: entry }).click();
  }

  /** Replaces the expression of the filter. */
  async filter(expression: string): Promise<void> {
    const field = this.frame.getByRole('combobox', { name: 'Expression' });
    await field.fill(expression);
    await field.press('Enter');
  }
}
