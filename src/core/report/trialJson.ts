import { render } from '../message/message.ts';
import { snakeCase } from '../table/snakeCase.ts';
import type { TrialReport } from '../trial/report.ts';
import { gateText, trialLimits } from './trialTexts.ts';

/**
 * The report as JSON text; `media/schemas/trial.schema.json` describes it. Never localised. It has no clock times, so
 * equal runs write equal bytes.
 */
export function trialJson(report: TrialReport): string {
  const { data, notes, ...rest } = report;
  const own = snakeKeys(rest) as Readonly<Record<string, unknown>>;
  const parts = Object.entries({
    ...own,
    limits: render(trialLimits),
    data,
    notes: notes.map((note) => render(note)),
    gates: report.gates.map((gate) => ({
      ...(snakeKeys(gate) as object),
      says: gate.fired ? render(gateText(gate, report)) : null,
    })),
  });
  return `{\n${parts.map(([key, value]) => `  ${JSON.stringify(key)}: ${valueText(value)}`).join(',\n')}\n}\n`;
}

/** A list of objects has one a line, so that a diff of two reports can be read. */
function valueText(value: unknown): string {
  if (!Array.isArray(value) || value.length === 0 || typeof value[0] !== 'object') return JSON.stringify(value);
  return `[\n${value.map((one) => `    ${JSON.stringify(one)}`).join(',\n')}\n  ]`;
}

/** The same value, with the keys of its objects in snake_case. */
function snakeKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, own]) => [snakeCase(key), snakeKeys(own)]));
}
