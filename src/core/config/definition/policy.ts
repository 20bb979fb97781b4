import { message } from '../../message/message.ts';
import {
  boolean,
  choice,
  dictionary,
  either,
  field,
  list,
  number,
  record,
  text,
  type TypeOf,
} from '../../schema/shape.ts';

const severity = choice({
  error: message('An error: the pipeline stops'),
  warning: message('A warning'),
  info: message('Information'),
  off: message('Not checked'),
});

/** Options of a rule; the rule itself checks them. */
const options = dictionary(
  'plain',
  either(text(), number(), boolean(), list(either(text(), number()))),
  message('An option of the rule'),
);

/** `off`, or `[warning, {max: 0.5}]`. The rule checks the two list items, because only it knows its options. */
const setting = either(severity, list(either(severity, options), { min: 1, max: 2 }));
export type RuleSetting = TypeOf<typeof setting>;

export const policy = record({
  extends: field(text('policy'), message('The policy that this one extends: recommended, strict, or a path'), {
    fallback: 'recommended',
  }),
  rules: field(
    dictionary('plain', setting, message('A rule, and its severity, or [severity, {option: value}]')),
    message('Severities and options of rules'),
    { example: '{recall/exposed-share: [warning, {max: 0.5}]}' },
  ),
});
export type PolicyDraft = TypeOf<typeof policy>;

export const policyReference = either(text('policy'), policy);
