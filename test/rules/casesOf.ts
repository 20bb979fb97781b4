import type { Rule } from '../../src/core/policy/rule.ts';
import type { RuleCases } from './ruleCases.ts';

/** The cases of a rule in this folder. */
export async function casesOf({ id }: Pick<Rule, 'id'>): Promise<Required<RuleCases>> {
  const [group = '', name = ''] = id.split('/');
  const file = name.replace(/-[a-z0-9]/g, ([, letter = '']) => letter.toUpperCase());
  const { cases } = (await import(`./${group}/${file}.ts`)) as { readonly cases: RuleCases };
  return { valid: [], invalid: [], ...cases };
}
