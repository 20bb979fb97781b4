import { printable } from '../message/printable.ts';

/** A value of a plan; ∅ if it is not set. Texts with blanks at an end get quotes: a separator may be one space. */
export function settingText(value: string | null): string {
  if (value === null) return '∅';
  return printable(value.trim() === value ? value : JSON.stringify(value));
}
