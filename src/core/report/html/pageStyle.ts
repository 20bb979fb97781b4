import { markup } from './markup.ts';

const lineStyles = [0, 1, 2, 3, 4, 5].map(
  (k) => markup`.line.series-${k} { stroke: var(--series-${k}); }
`,
);

/**
 * Style of the reports that are one HTML file. Colours follow the reader's theme; those of lines differ from each other
 * for every kind of colour vision, and lines also differ by their dashes.
 */
export const pageStyle = markup`<style>
:root { color-scheme: light dark; --ground: #ffffff; --text: #1f1f1f; --muted: #5a5a5a; --rule: #d8d8d8; --tint: #f5f5f5;
  --error: #c72e2e; --warning: #895503; --info: #1a65b8; --passed: #2a7a37;
  --series-0: #1f1f1f; --series-1: #c76b00; --series-2: #0078bc; --series-3: #005f40; --series-4: #a8397d; --series-5: #5b4bc4; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #1f1f1f; --text: #dddddd; --muted: #a8a8a8; --rule: #3a3a3a; --tint: #282828;
    --error: #f48771; --warning: #cca700; --info: #75beff; --passed: #73c991;
    --series-0: #dddddd; --series-1: #e8a33d; --series-2: #73b4de; --series-3: #2ac9a5; --series-4: #d88ebe; --series-5: #a2a5ff; }
}
@media (prefers-contrast: more) { :root { --muted: var(--text); --rule: currentColor; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 14px/20px system-ui, "Segoe UI", "Noto Sans CJK SC", sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 32px 24px 64px; }
h1 { margin: 0 0 4px; font-size: 22px; line-height: 28px; font-weight: 600; overflow-wrap: anywhere; }
h2 { margin: 0 0 12px; font-size: 16px; line-height: 22px; font-weight: 600; }
h3 { margin: 16px 0 8px; font-size: 13px; font-weight: 600; }
p { margin: 0 0 8px; max-width: 76ch; overflow-wrap: anywhere; }
.muted, .note { color: var(--muted); }
.note { font-size: 13px; }
nav { margin: 20px 0 0; padding: 12px 0; border-block: 1px solid var(--rule); font-size: 13px; }
nav ul { display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 0; padding: 0; list-style: none; }
a { color: var(--info); }
section { padding: 28px 0 0; }
.figures { display: flex; flex-wrap: wrap; gap: 12px 36px; margin: 0 0 16px; }
.figures div { min-width: 0; }
dt { font-size: 12px; line-height: 16px; color: var(--muted); }
dd { margin: 0; font-size: 18px; line-height: 24px; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
dd small { display: block; font-size: 12px; line-height: 16px; color: var(--muted); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; }
caption { text-align: start; color: var(--muted); padding-bottom: 4px; }
th, td { padding: 4px 20px 4px 0; border-bottom: 1px solid var(--rule); text-align: start; vertical-align: baseline; white-space: nowrap; }
th { font-weight: 600; color: var(--muted); }
.number { text-align: end; }
.findings { margin: 0; padding: 0; list-style: none; }
.findings li { padding: 10px 0; border-bottom: 1px solid var(--rule); }
.findings strong { font-weight: 600; }
.severity { font-weight: 600; }
.severity.error { color: var(--error); }
.severity.warning { color: var(--warning); }
.severity.info { color: var(--info); }
.passed { color: var(--passed); }
.findings ul { margin: 4px 0 0; padding: 0 0 0 20px; color: var(--muted); font-size: 13px; overflow-wrap: anywhere; }
code { font: 12px/18px ui-monospace, "DejaVu Sans Mono", monospace; }
.chart { display: block; width: 100%; max-width: 860px; height: auto; }
.grid { stroke: var(--rule); stroke-width: 1; }
.tick { fill: var(--muted); font-size: 11px; }
.line { fill: none; stroke-width: 1.75; stroke-linejoin: round; }
.label { font-size: 12px; fill: var(--text); }
${lineStyles}.line.series-1 { stroke-dasharray: 7 3; }
.line.series-2 { stroke-dasharray: 2 3; }
.line.series-3 { stroke-dasharray: 9 3 2 3; }
.line.series-4 { stroke-dasharray: 4 4; }
.line.series-5 { stroke-dasharray: 12 4; }
summary { cursor: pointer; font-size: 13px; color: var(--info); padding: 4px 0; }
@media (max-width: 600px) { main { padding: 20px 16px 48px; } .figures { gap: 12px 24px; } }
@media print { main { max-width: none; padding: 0; } nav { display: none; } section { break-inside: avoid-page; } }
</style>`;
