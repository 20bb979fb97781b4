import { changed } from '../../../src/core/policy/examples/example.ts';
import { withFeatures } from '../../../src/core/policy/rules/config/featureTime.ts';
import type { RuleCases } from '../ruleCases.ts';

const table = (entry: string): string => changed('recall', withFeatures(entry));

export const cases: RuleCases = {
  valid: [
    { text: table('columns: {user: user_id}, snapshot: dt, max_age: 3d') },
    { text: table('columns: {item: item_id, valid_from: from, valid_to: to, known: written}') },
    { text: table('columns: {request: request_id, item: item_id}, static: true') },
    { text: table('columns: {time: {column: day, period: none}, known: written}, max_age: 1d') },
  ],
  invalid: [
    { text: table('columns: {item: item_id}, snapshot: dt, static: true'), reportedAt: 'item_stats' },
    { text: table('columns: {item: item_id, valid_from: from}, max_age: 1d'), reportedAt: 'max_age', on: 'key' },
    { text: table('columns: {item: item_id, known: written}, snapshot: dt'), reportedAt: 'known' },
    { text: table('columns: {item: item_id, valid_to: to, time: hour}'), reportedAt: 'valid_to' },
    { text: changed('recall', ['  users:\n', '  features: {items: {path: a.csv, columns: {item: i}, static: true}}\n  users:\n']), reportedAt: 'items', after: 'features: {' },
  ],
};
