import { spreadsheetField } from '../../src/core/report/spreadsheetText.ts';

/** Cells of the exported table of a chart. */
export type ChartRow = readonly (string | number | null)[];

/** Content of a chart to save; detail of the event `save-chart`. */
export interface ChartFile {
  readonly format: 'csv' | 'svg';
  readonly text: string;
}

export function csvOf(rows: readonly ChartRow[]): string {
  return rows
    .map((row) => `${row.map((cell) => (cell === null ? '' : spreadsheetField(String(cell), ','))).join(',')}\r\n`)
    .join('');
}

const properties = [
  'opacity',
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'stroke-linejoin',
  'stroke-linecap',
  'paint-order',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
  'dominant-baseline',
];

/** A picture as a file of its own: with the colours of the theme, its ground and its description. */
export function svgText(picture: SVGSVGElement, description: string): string {
  const copy = picture.cloneNode(true) as SVGSVGElement;
  const [from, to] = [picture, copy].map((root) => [...root.querySelectorAll<SVGElement>('*')]);
  from?.forEach((element, k) => {
    const style = getComputedStyle(element);
    for (const property of properties) to?.[k]?.setAttribute(property, style.getPropertyValue(property));
    to?.[k]?.removeAttribute('class');
  });
  const ground = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  ground.setAttribute('width', '100%');
  ground.setAttribute('height', '100%');
  ground.setAttribute('fill', getComputedStyle(document.body).backgroundColor);
  const title = document.createElementNS('http://www.w3.org/2000/svg', 'title');
  title.textContent = description;
  copy.prepend(title, ground);
  return `${new XMLSerializer().serializeToString(copy)}\n`;
}
