import type { GroupRows } from './groupRows.ts';
import { Pages, type LoadedCell } from './pages.ts';

/** Pages of a grouped view whose rows are the lines of the grid. Heads of groups have no cells. */
export class GroupedPages extends Pages {
  constructor(
    private readonly groups: GroupRows,
    ...pages: ConstructorParameters<typeof Pages>
  ) {
    super(...pages);
  }

  override sourceRow(line: number): number | null {
    const position = this.groups.positionOf(line);
    return position === null ? null : super.sourceRow(position);
  }

  override cell(line: number, column: number): LoadedCell | null {
    const position = this.groups.positionOf(line);
    return position === null ? null : super.cell(position, column);
  }

  override isUnreadable(line: number, column?: number): boolean {
    const position = this.groups.positionOf(line);
    return position !== null && super.isUnreadable(position, column);
  }

  override want(first: number, end: number, columns: readonly number[]): void {
    this.groups.want(first, end);
    const positions: number[] = [];
    for (let line = first; line < end; line++) {
      const position = this.groups.positionOf(line);
      if (position !== null) positions.push(position);
    }
    this.wantPositions(positions, columns);
  }

  override close(): void {
    super.close();
    this.groups.close();
  }
}
