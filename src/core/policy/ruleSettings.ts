import type { RuleSetting } from '../config/definition/policy.ts';
import type { ConfigDocument } from '../config/document.ts';
import { renameKey } from '../config/edits.ts';
import type { ConfigPath } from '../config/tree.ts';
import { message, type Message } from '../message/message.ts';
import type { Severity } from './finding.ts';
import type { OptionDefinition } from './options.ts';
import type { Policy } from './policy.ts';
import type { PolicyProblem } from './policyProblem.ts';
import type { Rule } from './rule.ts';
import { suggestIn } from './suggestions.ts';

/** The valid settings of a policy for one rule. */
export interface SoundSetting {
  readonly severity?: Severity | 'off';
  readonly options: Readonly<Record<string, unknown>>;
}

interface Place {
  readonly document: ConfigDocument;
  /** Path of the map `rules`. */
  readonly path: ConfigPath;
  readonly rules: readonly Rule[];
  readonly report: (problem: PolicyProblem) => void;
}

/** Checks the map `rules` of a policy against the existing rules. Invalid parts are reported and left out. */
export function ruleSettings(
  settings: Readonly<Record<string, RuleSetting>>,
  source: Place,
): ReadonlyMap<string, SoundSetting> {
  return new SettingsReader(settings, source).read();
}

class SettingsReader {
  readonly #sound = new Map<string, SoundSetting>();

  constructor(
    private readonly settings: Readonly<Record<string, RuleSetting>>,
    private readonly source: Place,
  ) {}

  read(): ReadonlyMap<string, SoundSetting> {
    const { path, rules } = this.source;
    const byId = new Map<string, Rule>(rules.map((rule) => [rule.id, rule]));
    for (const [id, setting] of Object.entries(this.settings)) {
      const at = [...path, id];
      const rule = byId.get(id);
      if (!rule) {
        this.#unknown(id, at, missingFrom([...byId.keys()], this.settings), {
          plain: message('There is no rule {0}', id),
          near: (near) => message('There is no rule {0}. Did you mean {1}?', id, near),
        });
        continue;
      }
      const [first, second] = typeof setting === 'string' ? [setting] : setting;
      if (typeof first !== 'string' || typeof second === 'string') {
        this.#misfit(
          'config/type',
          at,
          message('Write the severity first, then the options: [warning, {option: value}]'),
        );
        continue;
      }
      this.#sound.set(id, { severity: first, options: this.#options(rule, second ?? {}, at) });
    }
    return this.#sound;
  }

  /** The valid options of a rule; the others are reported. */
  #options(rule: Rule, values: Readonly<Record<string, unknown>>, path: ConfigPath): Readonly<Record<string, unknown>> {
    const options: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(values)) {
      const at = [...path, 1, name];
      const definition = Object.hasOwn(rule.options, name) ? rule.options[name] : undefined;
      if (!definition) {
        this.#unknown(name, at, missingFrom(Object.keys(rule.options), values), {
          plain: message('{0} has no option {1}', rule.id, name),
          near: (near) => message('{0} has no option {1}. Did you mean {2}?', rule.id, name, near),
        });
        continue;
      }
      const wrong = misfit(value, definition);
      if (wrong) this.#misfit(wrong.rule, at, wrong.text);
      else options[name] = value;
    }
    return options;
  }

  #misfit(rule: PolicyProblem['rule'], path: ConfigPath, text: Message): void {
    const { span, value } = this.source.document.locate(path);
    this.source.report({ rule, span: value?.span ?? span, path, message: text, fixes: [] });
  }

  #unknown(
    name: string,
    at: ConfigPath,
    names: readonly string[],
    texts: { readonly plain: Message; readonly near: (near: string) => Message },
  ): void {
    const { document, report } = this.source;
    const near = suggestIn(this.#sound, name, () => names);
    report({
      rule: 'config/unknown-key',
      span: document.locate(at).key ?? document.locate(at).span,
      path: at,
      message: near === null ? texts.plain : texts.near(near),
      fixes:
        near === null
          ? []
          : [{ title: message('Change to {0}', near), changes: renameKey(document, at, near), safe: false }],
    });
  }
}

function missingFrom(names: readonly string[], object: object): string[] {
  return names.filter((name) => !Object.hasOwn(object, name));
}

/** Adds settings on top of a policy. Options are merged one by one; a severity without options keeps them. */
export function layered(base: Policy, name: string, settings: ReadonlyMap<string, SoundSetting>): Policy {
  return {
    name,
    level(rule) {
      const inherited = base.level(rule);
      const setting = settings.get(rule);
      return setting
        ? {
            ...inherited,
            ...(setting.severity === undefined ? {} : { severity: setting.severity, set: true }),
            options: { ...inherited.options, ...setting.options },
          }
        : inherited;
    },
  };
}

/** Why a value is invalid for an option; null if it is valid. */
export function misfit(
  value: unknown,
  definition: OptionDefinition,
): { readonly rule: 'config/type' | 'config/range'; readonly text: Message } | null {
  switch (definition.kind) {
    case 'number':
      if (typeof value !== 'number') return { rule: 'config/type', text: message('A number is expected here') };
      return within(value, definition)
        ? null
        : {
            rule: 'config/range',
            text: message('{0} is not between {1} and {2}', value, definition.min, definition.max),
          };
    case 'numbers': {
      if (!Array.isArray(value) || !value.every((item): item is number => typeof item === 'number'))
        return { rule: 'config/type', text: message('A list of {0} numbers is expected here', definition.length) };
      if (value.length !== definition.length)
        return { rule: 'config/range', text: message('A list of {0} numbers is expected here', definition.length) };
      const outside = value.find((item) => !within(item, definition));
      return outside === undefined
        ? null
        : {
            rule: 'config/range',
            text: message('{0} is not between {1} and {2}', outside, definition.min, definition.max),
          };
    }
    case 'texts':
      return Array.isArray(value) && value.every((item) => typeof item === 'string')
        ? null
        : { rule: 'config/type', text: message('A list of names is expected here') };
  }
}

function within(value: number, { min, max }: { readonly min: number; readonly max: number }): boolean {
  return value >= min && value <= max;
}
