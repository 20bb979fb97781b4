import { message, type Message } from '../message/message.ts';
import type { Severity } from '../policy/finding.ts';
import type { Tone } from './paint.ts';

export const severityTones: Readonly<Record<Severity, Tone>> = { error: 'error', warning: 'warning', info: 'accent' };
export const severityNames: Readonly<Record<Severity, Message>> = {
  error: message('error'),
  warning: message('warning'),
  info: message('info'),
};
