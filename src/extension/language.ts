import * as vscode from 'vscode';
import { describeFailure, type Failure } from '../core/message/failure.ts';
import { render, type Message, type Translate } from '../core/message/message.ts';
import { ownValue } from '../core/ownValue.ts';

/** The reader's language for sentences that come from other processes; English where there is no translation. */
export const translate: Translate = (text) => ownValue(vscode.l10n.bundle, text) ?? text;

export function textOf(message: Message): string {
  return render(message, translate);
}

/** One line for an error message. */
export function textOfFailure(failure: Failure): string {
  return describeFailure(failure, translate);
}

/** The two languages that the product speaks. */
export function locale(): 'en' | 'zh-cn' {
  return vscode.env.language.toLowerCase().startsWith('zh') ? 'zh-cn' : 'en';
}

/** A count with the reader's digit groups. */
export function formatCount(count: number): string {
  return count.toLocaleString(vscode.env.language);
}

/** A count in three digits or fewer, for places where the exact one would be cut: `19.2M`, `1,920万`. */
export function formatShortCount(count: number): string {
  return count < 10_000
    ? formatCount(count)
    : count.toLocaleString(vscode.env.language, { notation: 'compact', maximumSignificantDigits: 3 });
}

/** A share as a percentage, with as many digits as it was written with, up to four: `30 %`, `0.5 %`. */
export function formatShare(share: number): string {
  return `${(share * 100).toLocaleString(vscode.env.language, { maximumSignificantDigits: 4 })} %`;
}

/** Negatives per group: whole, or four digits. */
export function formatAmount(amount: number): string {
  return amount.toLocaleString(vscode.env.language, Number.isInteger(amount) ? {} : { maximumSignificantDigits: 4 });
}
