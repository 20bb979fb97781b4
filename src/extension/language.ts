import * as vscode from 'vscode';
import { describeFailure, type Failure } from '../core/message/failure.ts';
import { render, type Message, type Translate } from '../core/message/message.ts';
import { ownValue } from '../core/ownValue.ts';

/** Translates sentences from other processes into the user's language; English if there is no translation. */
export const translate: Translate = (text) => ownValue(vscode.l10n.bundle, text) ?? text;

export function textOf(message: Message): string {
  return render(message, translate);
}

/** A failure as one line, for an error message. */
export function textOfFailure(failure: Failure): string {
  return describeFailure(failure, translate);
}

/** The two languages of the product. */
export function locale(): 'en' | 'zh-cn' {
  return vscode.env.language.toLowerCase().startsWith('zh') ? 'zh-cn' : 'en';
}

/** A count with the digit grouping of the user's language. */
export function formatCount(count: number): string {
  return count.toLocaleString(vscode.env.language);
}

/** A count with at most three digits, for places where the exact count would be cut: `19.2M`, `1,920万`. */
export function formatShortCount(count: number): string {
  return count < 10_000
    ? formatCount(count)
    : count.toLocaleString(vscode.env.language, { notation: 'compact', maximumSignificantDigits: 3 });
}

/** A share as a percentage with the digits that were written, at most four: `30 %`, `0.5 %`. */
export function formatShare(share: number): string {
  return `${(share * 100).toLocaleString(vscode.env.language, { maximumSignificantDigits: 4 })} %`;
}

/** Negatives per group: an integer, or four digits. */
export function formatAmount(amount: number): string {
  return amount.toLocaleString(vscode.env.language, Number.isInteger(amount) ? {} : { maximumSignificantDigits: 4 });
}
