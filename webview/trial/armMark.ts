import { css, svg, type SVGTemplateResult } from 'lit';
import { armShape, ARM_STYLES } from '../../src/core/report/armShape.ts';
import { adopt } from '../element.ts';

adopt(css`
  .arm-line { fill: none; stroke: var(--vscode-charts-foreground); stroke-width: 1.5; stroke-linejoin: round; }
  .arm-line.arm-1, .arm-line.arm-3, .arm-line.arm-5 { stroke: var(--vscode-textLink-foreground); }
  .arm-line.arm-1 { stroke-dasharray: 7 3; }
  .arm-line.arm-2 { stroke-dasharray: 2 3; }
  .arm-line.arm-3 { stroke-dasharray: 9 3 2 3; }
  .arm-line.arm-4 { stroke-dasharray: 4 4; }
  .arm-line.arm-5 { stroke-dasharray: 12 4; }
  .arm-line.arm-0 { stroke-width: 2; }
  .arm-line.solid { stroke-dasharray: none; stroke-width: 1.5; }
  .arm-mark { fill: var(--vscode-charts-foreground); stroke: var(--vscode-charts-foreground); stroke-width: 1.5; }
  .arm-mark.arm-1, .arm-mark.arm-3, .arm-mark.arm-5 { fill: var(--vscode-textLink-foreground); stroke: var(--vscode-textLink-foreground); }
  .arm-mark.hollow { fill: var(--vscode-editor-background); }
`);

/** The class of the lines of a config. */
export const armClass = (arm: number): string => `arm-${arm % ARM_STYLES}`;

/** The mark of a config. */
export function armMark(arm: number, x: number, y: number): SVGTemplateResult {
  const { path, isHollow } = armShape(arm);
  return svg`<path class="arm-mark ${armClass(arm)}${isHollow ? ' hollow' : ''}" d="M${x} ${y}${path}"></path>`;
}

/** A line with its mark, 28 × 12 pixels, for legends. */
export function armLegend(arm: number): SVGTemplateResult {
  return svg`<path class="arm-line ${armClass(arm)}" d="M1 6h26"></path>${armMark(arm, 14, 6)}`;
}
