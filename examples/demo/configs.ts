import { stages } from '../../src/core/schema/stage.ts';
import { examples } from '../../src/core/policy/examples/example.ts';
import type { Rule } from '../../src/core/policy/rule.ts';
import { rules } from '../../src/core/policy/rules.ts';

/** A ratio config of the demo. */
export interface DemoConfig {
  /** Relative to the demo, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** The good configs, one a stage. */
export function goodConfigs(): readonly DemoConfig[] {
  return stages.map((stage) => ({ path: `configs/${stage}.ratio.yaml`, text: examples[stage] }));
}

/** One bad config for each rule about configs and about columns: the wrong example of the rule. */
export function badConfigs(): readonly DemoConfig[] {
  return rules
    .filter(({ kind }) => kind !== 'data')
    .map((rule) => ({ path: `bad/${rule.id.replace('/', '-')}.ratio.yaml`, text: badConfig(rule) }));
}

function badConfig({ id, docs }: Rule): string {
  return `# Wrong on purpose, for ${id}. ${docs.summary}.\n${docs.wrong.text}`;
}
