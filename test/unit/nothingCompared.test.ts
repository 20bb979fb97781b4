import assert from 'node:assert/strict';
import { chosenNegatives } from '../../src/core/policy/examples/chosenNegatives.ts';
import { test } from 'node:test';
import type { Answers } from '../../src/core/data/facts.ts';
import { rules } from '../../src/core/policy/rules.ts';
import { lintCase } from './lintCase.ts';

const none = { rows: 0, hits: 0, design: 1 };
const examples = [] as const;

/** Answers about files without rows, or without what they are compared with. */
const empty: Omit<Answers, 'groups' | 'refusal' | 'label-values' | 'history-lengths'> = {
  shortfalls: { users: 0, allUsers: 0, entries: [] },
  contradictions: { rows: 0, pairs: 0, examples },
  duplicates: { rows: 0, repeated: 0, examples },
  'unknown-items': { rows: 0, absent: 0, gone: 0, early: 0, late: 0, examples },
  'never-exposed': { rows: 0, unexposed: 0, lostClicks: 0, examples },
  'passed-values': { rows: 1567, columns: [] },
  'sample-mix': { by: 'entry', counts: [{ name: 'of another tool', rows: 9, design: 1 }], recorded: null },
  'false-negatives': { ...chosenNegatives({}), examples },
  'sequence-lists': { lists: [] },
  'sequence-log': { lists: [], growths: [] },
  'split-times': { rows: 1567, split: null, before: 0, after: 0, examples },
  'future-rows': {
    rows: 1567,
    compared: 0,
    labels: 0,
    exposures: 0,
    declared: 0,
    rejections: 0,
    teachers: 0,
    examples,
  },
  'split-overlap': { other: null, groups: 146, shared: 0, examples },
  'empty-groups': { alone: none, orphans: none, examples },
  'candidate-rows': { entries: [] },
  'unseen-rows': { unseen: none, young: none, examples },
  'exposure-rates': { splits: [] },
  'head-shares': { items: 700, head: 7, eventShare: null, positives: none, negatives: none },
  'hot-effect': { positives: 0, items: 0, thinned: 0, kept: 0 },
  'group-popularity': { entry: 'popularity', groups: [] },
  'item-distances': {
    input: 0,
    unreachable: 0,
    observed: null,
    expected: null,
    chance: null,
    exposures: null,
    largest: null,
  },
  'column-labels': { rows: 1567, columns: [] },
  'sample-origin': { isRecorded: false, settings: [], data: [] },
  chances: {
    users: 78,
    allUsers: 78,
    foreign: null,
    columns: [],
    entries: [],
    outside: [],
    later: { draws: 0, expected: 0, observed: 0 },
  },
  'log-q-values': { name: 'log_q', rows: 0, above: 0, never: 0, groups: 0, entries: [], examples },
  'time-order': { rows: 0, earlier: 0 },
  'user-shares': { rows: 9, users: 3, topUsers: 1, topRows: 9 },
  'partition-days': { datasets: [] },
  'candidate-stages': { rows: 0, unknown: 0, values: [] },
};

// A rule that compared nothing must not count as passed: that would promise what nobody has looked at.
for (const { id, kind, docs } of rules) {
  // Its needs are the refusals themselves, and no refusal is what it looks for.
  if (kind !== 'data' || id === 'data/refused') continue;
  test(`${id} does not pass with nothing to compare`, () => {
    const { rules: statuses } = lintCase({ ...docs.wrong, answers: empty }, { rule: id });
    const own = statuses.find(({ rule }) => rule === id);
    assert.equal(own?.status, 'not-run');
    assert.ok(own.nothingToCompare);
    assert.ok(own.because);
  });
}
