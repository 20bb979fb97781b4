import type { HandoverSummary } from '../sampling/trainerExport/summary.ts';
import type { StagePlan } from '../sampling/plan/stagePlan.ts';
import { formatBytes, formatCount } from '../table/format.ts';
import type { TextOptions } from './textWriter.ts';
import { message, render, type Message } from '../message/message.ts';
import { painter } from './paint.ts';
import { printable } from '../message/printable.ts';
import { historyText } from './historyText.ts';
import { fitCells, padCells, wrapCells } from './cells.ts';

/**
 * Final report of an exported trainer folder: its files, the draws in them, and notices about what they cannot express.
 * `folder`: as the user named it.
 */
export function handoverText(
  trainer: string,
  plans: readonly StagePlan[],
  { files, bytes, drawn, notices, milliseconds }: HandoverSummary,
  options: TextOptions & { readonly folder: string },
): string {
  const text = (m: Message): string => render(m, options.translate);
  const fit = (line: string): string => fitCells(line, options.width);
  const [plan] = plans;
  const how = [
    trainer,
    plan?.stage ?? '',
    plans.map(({ split }) => split).join(' + '),
    text(message('seed {0}', printable(plan?.seed ?? ''))),
    text(message('epoch {0}', plan?.epoch ?? 0)),
    formatBytes(bytes),
    text(message('{0} s', (milliseconds / 1000).toFixed(1))),
  ];
  const width = Math.max(...files.map(({ name }) => printable(name).length)) + 2;
  const rows = files.map(({ name, rows: count }) =>
    count === null
      ? printable(name)
      : `${padCells(printable(name), width)}${text(count === 1 ? message('1 row') : message('{0} rows', formatCount(count)))}`,
  );
  const lines = [...notices, ...noticesOfParts(plans, drawn)].map((notice) => printable(text(notice)));
  return `${[
    painter(options.colour)('strong', fit(printable(options.folder))),
    fit(how.join(' · ')),
    '',
    ...rows.map(fit),
    ...(lines.length === 0 ? [] : ['', ...[...new Set(lines)].flatMap((line) => wrapCells(line, options.width))]),
  ].join('\n')}\n`;
}

/** Notices of each window. A notice that does not apply to all of several windows names its window. */
function noticesOfParts(plans: readonly StagePlan[], drawn: HandoverSummary['drawn']): Message[] {
  const parts = drawn.map(({ notices, histories = [] }) => [...notices, ...histories.map(historyText)]);
  const noticesByWindow = parts.map((notices) => new Set(notices.map((notice) => render(notice))));
  return parts.flatMap((notices, k) =>
    notices.map((notice) =>
      noticesByWindow.every((windowNotices) => windowNotices.has(render(notice)))
        ? notice
        : message('{0}: {1}', plans[k]?.split ?? '', notice),
    ),
  );
}
