import { message, render, type Message } from '../message/message.ts';
import { severities, type Severity } from '../policy/finding.ts';
import type { TextOptions } from './textWriter.ts';
import type { SeverityCounts } from './lintReport.ts';
import type { Tone } from './paint.ts';

export const severityTones: Readonly<Record<Severity, Tone>> = { error: 'error', warning: 'warning', info: 'accent' };
export const severityNames: Readonly<Record<Severity, Message>> = {
  error: message('error'),
  warning: message('warning'),
  info: message('info'),
};

/** Number of findings of each severity, the worst first: `2 errors, 1 warning`. Empty without findings. */
export function severityCountsText(
  counts: SeverityCounts,
  { translate, locale }: Pick<TextOptions, 'translate' | 'locale'>,
): string {
  return severities
    .filter((severity) => counts[severity] > 0)
    .map((severity) => render(countText(severity, counts[severity]), translate))
    .join(locale === 'zh-cn' ? '，' : ', ');
}

function countText(severity: Severity, n: number): Message {
  switch (severity) {
    case 'error':
      return n === 1 ? message('1 error') : message('{0} errors', n);
    case 'warning':
      return n === 1 ? message('1 warning') : message('{0} warnings', n);
    case 'info':
      return message('{0} info', n);
  }
}
