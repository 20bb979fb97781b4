import { withEvents } from '../../../src/core/policy/rules/config/eventCondition.ts';
import type { RuleCases } from '../ruleCases.ts';

/** Each event names the one before it twice. */
const doubled = Array.from({ length: 10 }, (_, k) => {
  const before = k === 0 ? 'click' : `deep${k - 1}`;
  return `deep${k}: {any: [{event: ${before}}, {not: {event: ${before}}}]}`;
});

/** Each event names the one before it. */
const chained = Array.from(
  { length: 101 },
  (_, k) => `link${k}: {not: {event: ${k === 0 ? 'click' : `link${k - 1}`}}}`,
);

export const cases: RuleCases = {
  valid: [
    {
      text: withEvents(
        'glance: {all: [is_click, {not: {event: long_play}}]}',
        'any_of: {any: [{event: glance}, is_viewed]}',
      ),
    },
  ],
  invalid: [
    { text: withEvents('own: {any: [is_click, {event: own}]}'), reportedAt: 'own', after: 'click: is_click\n  ' },
    {
      text: withEvents(...doubled),
      reportedAt: 'deep9',
    },
    {
      text: withEvents(...chained),
      reportedAt: 'link100',
    },
  ],
};
