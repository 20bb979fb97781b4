const DEFAULT_WIDTH = 120;
const MIN_WIDTH = 40;

/** The line width of a report. A terminal that does not know its size reports 0. */
export function terminalWidth({ isTTY, columns }: { readonly isTTY: boolean; readonly columns: number }): number {
  return isTTY && columns > 0 ? Math.max(MIN_WIDTH, columns) : DEFAULT_WIDTH;
}
