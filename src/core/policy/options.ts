import type { Message } from '../message/message.ts';

/** An option of a rule. Every number has a default, and the page of the rule gives its source. */
export type OptionDefinition =
  | {
      readonly kind: 'number';
      readonly fallback: number;
      readonly min: number;
      readonly max: number;
      readonly doc: Message;
    }
  | {
      readonly kind: 'numbers';
      readonly fallback: readonly number[];
      readonly length: number;
      readonly min: number;
      readonly max: number;
      readonly doc: Message;
    }
  | { readonly kind: 'texts'; readonly fallback: readonly string[]; readonly doc: Message };
export type OptionDefinitions = Readonly<Record<string, OptionDefinition>>;

/** The values of a rule's options: `{max: number}` for `{max: {kind: 'number', …}}`. */
export type OptionValues<D extends OptionDefinitions> = {
  readonly [K in keyof D]: D[K]['kind'] extends 'number'
    ? number
    : D[K]['kind'] extends 'numbers'
      ? readonly number[]
      : readonly string[];
};
