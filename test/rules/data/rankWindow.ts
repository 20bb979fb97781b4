import { changed } from '../../../src/core/policy/examples/example.ts';
import { text, file, outside } from '../../../src/core/policy/rules/data/rankWindow.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    { text, datasets: { 'samples.recall': file }, answers: outside(0) },
    { text, datasets: { 'samples.recall': file }, answers: outside(200), options: { max: 0.5 } },
    { text: changed('recall'), answers: outside(200) },
  ],
};
