import { printable } from '../message/printable.ts';

/** A value of a plan; ∅ without one. A text with blanks at an end has quotes: a separator may be one space. */
export function settingText(value: string | null): string {
  if (value === null) return '∅';
  return printable(value.trim() === value ? value : JSON.stringify(value));
}
