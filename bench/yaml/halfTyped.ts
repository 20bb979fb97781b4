/** A moment while somebody types a config: the recall example with one part replaced. */
export interface HalfTyped {
  readonly name: string;
  readonly from: string;
  /** `¦` is the cursor. */
  readonly to: string;
  /** A completion that belongs to this place; null if there need not be one. */
  readonly wants: string | null;
  /** Lines where a finding is right, counted from the line of the cursor. */
  readonly at: readonly number[];
}

function moment(name: string, from: string, to: string, wants: string | null, at: readonly number[] = [0]): HalfTyped {
  return { name, from, to, wants, at };
}

const city = 'same_city: {source: same_attribute, match: [city], share: 0.05}';
const popularity = 'popularity: {share: 0.4, exponent: 0.75, count: click, window: 7d, group_by: region}';
const training = '{loss: sampled_softmax, logq: shares, in_batch: {batch_size: 1024, weight: 0.3}}';
const exclude = 'exclude: {events: [click], within: train}\n';
const events = (item: string): string =>
  `exclude:\n        events:\n          - click\n          ${item}\n        within: train\n`;

/** 50 moments of typing and pasting. */
export const halfTyped: readonly HalfTyped[] = [
  // Half keys
  moment('half key between keys', 'seed: demo\n', 'seed: demo\nep¦\n', 'epoch'),
  moment('half key, first line', 'version: 1\nseed: demo\n', 'se¦\nversion: 1\n', 'seed', [0, 1]),
  moment('half key, first of a map', '    unit: positive\n', '    un¦\n', 'unit', [-1, 0]),
  moment('half key, inside a map', '      on_shortfall: keep\n', '      on_s¦\n', 'on_shortfall'),
  moment('half key, last of a map', 'output: {layout', '    app¦\noutput: {layout', 'approach'),
  moment('half key, end of the text', 'policy: recommended\n', 'pol¦', 'policy'),
  moment('half source, first in the mix', '        exposed_un', '        hard¦\n        exposed_un', 'hard_rank'),
  moment('half source, last in the mix', `        ${city}\n`, `        ${city}\n        hard¦\n`, 'hard_rank'),
  moment('half key above its block', '  users:\n', '  us¦\n', 'users', [0, 33]),
  // Colons
  moment('no colon, no value', 'per_positive: 10\n', 'per_positive¦\n', 'per_positive'),
  moment('no colon before a value', 'per_positive: 10\n', 'per_positive 1¦0\n', null),
  moment('no colon above a block', '    negatives:\n', '    negatives¦\n', 'negatives'),
  moment('no space after a colon', 'per_positive: 10\n', 'per_positive:1¦\n', null),
  moment('the same in a flow map', '{share: 0.3, seen: viewed', '{share:0.3¦, seen: viewed', null),
  moment('no space before a flow map', 'training: {loss', 'training:{¦loss', null),
  moment('no space before a quote', 'path: ../data/items.parquet', 'path:"../data/i¦tems.parquet"', null),
  moment('value missing', '    unit: positive\n', '    unit: ¦\n', 'positive'),
  moment('colon in a text', 'seed: demo\n', 'seed: run: two¦\n', null),
  // Quotes
  moment('open double quote', 'seed: demo\n', 'seed: "de¦\n', null),
  moment('open single quote', 'path: ../data/items.parquet\n', "path: '../data/it¦\n", '../data/items.parquet'),
  moment('open quote in a flow map', 'op: ">=", value', 'op: ">¦, value', '>='),
  moment('open quote in a flow list', '[city, category]}\n    where', "['ci¦, category]}\n    where", 'city', [0, 37]),
  moment('open quote of a key', 'on_shortfall: keep\n', '"on_s¦\n', 'on_shortfall'),
  // Brackets
  moment('open flow map, empty', popularity, 'popularity: {¦', 'share'),
  moment('open flow map, half key', popularity, 'popularity: {share: 0.4, exp¦', 'exponent'),
  moment('open flow map, value missing', popularity, 'popularity: {share: 0.4, count: ¦', 'click'),
  moment('open flow map, last line', 'policy: recommended\n', 'policy: {ex¦\n', 'extends'),
  moment('open flow list inside a map', 'match: [city], share', 'match: [ci¦, share', 'city'),
  moment('open flow list, end of a line', '[region, activity]}\n', '[re¦\n', 'region', [0, 31]),
  moment('inner bracket not closed', 'weight: 0.3}}', 'weight: 0.3¦}', null),
  moment('open flow map over lines', popularity, 'popularity: {\n          share: 0.4,\n          exp¦', 'exponent'),
  moment('comma missing in a flow map', 'share: 0.4, exponent: 0.75,', 'share: 0.4 exp¦onent: 0.75,', 'exponent'),
  moment('one bracket too many', 'weight: 0.3}}', 'weight: 0.3}}}¦', null),
  // Indentation
  moment('indented too little', '      on_shortfall: keep\n', '    on_shortfall¦: keep\n', null),
  moment('indented too much', '      on_shortfall: keep\n', '        on_shortfall¦: keep\n', null),
  moment('one space too little', '      on_shortfall: keep\n', '     on_shortfall¦: keep\n', null),
  moment('a tab before a key', '      on_shortfall: keep\n', '\ton_shortfall¦: keep\n', null),
  moment('line pasted without indentation', `        ${city}\n`, `${city}¦\n`, null),
  moment('empty line in a map', '      on_shortfall: keep\n', '      ¦\n', 'on_shortfall', []),
  moment('empty line below a key', `training: ${training}\n`, 'training:\n      ¦\n', 'loss', [-1]),
  // Lists
  moment('empty item', exclude, events('- ¦'), 'long_play'),
  moment('item without a dash', exclude, events('long¦'), null),
  moment('dash without a space', exclude, events('-long¦'), null),
  // More of YAML
  moment('alias without an anchor', 'global_random: 0.2\n', 'global_random: *sh¦\n', null),
  moment('anchor without a name', 'global_random: 0.2\n', 'global_random: &¦\n', null),
  moment('merge key', 'same_city: {source', 'same_city: {<<: *c¦, source', null),
  moment('variable in a flow map', 'share: 0.4, exp', 'share: ${sha¦}, exp', null),
  moment('key twice', '      on_shortfall: keep\n', '      on_shortfall: keep\n      per_positive: ¦\n', null),
  moment(
    'wrong type above a half key',
    'per_positive: 10\n',
    'per_positive: ten\n      ref¦\n',
    'refill_from',
    [-1, 0],
  ),
  moment('block scalar', 'seed: demo\n', 'seed: |¦\n', null, []),
];
