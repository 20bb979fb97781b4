import type { FurtherAttempts } from './script.ts';
import { relationLines } from './sql/render.ts';
import { sparkDialect } from './sql/sparkDialect.ts';

/** Above it, the statements of `job.sql` find the rows of groups that are not full. */
const FEW_GROUPS = 5_000;
/** The same for what their users exclude. */
const MOST_EXCLUDED = 200_000;

/** What the driver needs to make the attempts of groups that are not full, by the name of their entry. */
export const attemptsHead = (all: readonly FurtherAttempts[], literal: (line: string) => string): readonly string[] => [
  '# Groups that the first attempts of an entry do not fill: the salts of its draws, the greatest quota, these groups,',
  '# and what their users exclude. The driver makes their further attempts if they are few, else statements do.',
  'FURTHER = {',
  ...all.flatMap(({ entry, salts, quota, groups, excluded }) => [
    `    "${entry}": ((${salts.join(', ')}), ${quota}, r"""`,
    ...relationLines(groups, sparkDialect).map(literal),
    ...(excluded === null
      ? ['""", None),']
      : ['""", r"""', ...relationLines(excluded, sparkDialect).map(literal), '"""),']),
  ]),
  '}',
  `FEW_GROUPS, MOST_EXCLUDED = ${FEW_GROUPS}, ${MOST_EXCLUDED}`,
  '',
];

/**
 * The function `further_items` of a job in Python: the items of a group after attempts from a small pool, as the
 * statements of `addPoolDraws` find them. Python's integers are exact.
 */
export const furtherItems = [
  'def fmix32(word):',
  '    # As the steps a_1, a_2, … of the statements.',
  '    word = (word ^ word >> 16) * 0x85EBCA6B & 0xFFFFFFFF',
  '    word = (word ^ word >> 13) * 0xC2B2AE35 & 0xFFFFFFFF',
  '    return word ^ word >> 16',
  '',
  '',
  'def further_items(group, excluded, salts, items, columns):',
  '    """The items of a group after all attempts. items: of the pool. columns: threshold and alias of each one."""',
  '    found, quota = list(group["items"]), group["quota"]',
  '    known = excluded.union(found)',
  '    for k in range(quota + (quota >> 3) + 1, quota * 8 + 64):',
  '        word = fmix32((k + 1) * 0x9E3779B1 & 0xFFFFFFFF)',
  '        a, b = (fmix32(key ^ word ^ salt) for key, salt in zip((group["k0"], group["k1"]), salts))',
  '        j = a >> 32 - bits_of(len(items))',
  '        threshold, alias = columns[j]',
  '        item = items[j if b < threshold else alias]',
  '        if item not in known:',
  '            known.add(item)',
  '            found.append(item)',
  '        if len(found) == quota:',
  '            break',
  '    return found',
];

/** The function `fill_groups`: makes the attempts after the first ones of an entry. */
export const furtherAttempts = [
  'filled = set()',
  '',
  '',
  'def fill_groups(name):',
  '    """Makes the further attempts of an entry, if its pool is small and few groups need them. Says if it did."""',
  '    entry, _, part = name.rpartition("__")',
  '    if part == "accepted_3":',
  '        return entry in filled',
  '    if part != "accepted_2" or entry not in FURTHER or entry not in small_pools:',
  '        return False',
  '    salts, most_quota, of_groups, of_excluded = FURTHER[entry]',
  '    # Ids that are long together are not few: all rows of a step are one text.',
  '    longest = max(1, *(len(str(item)) for item in small_pools[entry][0]))',
  '    few = min(FEW_GROUPS, MOST_TEXT // (most_quota * longest))',
  '    known = spark.sql(of_groups)',
  '    groups = known.limit(few + 1).collect()',
  '    if len(groups) > few:',
  '        return False',
  '    most = min(MOST_EXCLUDED, MOST_TEXT // longest)',
  '    rows = spark.sql(of_excluded).limit(most + 1).collect() if groups and of_excluded else []',
  '    if len(rows) > most:',
  '        return False',
  '    excluded = {}',
  '    for user, of_user, item in rows:',
  '        excluded.setdefault((user, of_user), set()).add(item)',
  '    full, short = [], []',
  '    for group in groups:',
  '        user, of_user, k0, k1, quota, _, *own = group',
  '        never = excluded.get((user, of_user), set()) | set(own)',
  '        items = further_items(group, never, salts, *small_pools[entry])',
  '        row = (user, of_user, k0, k1, quota, items, quota - len(items))',
  '        (short if len(items) < quota else full).append(row)',
  '    types = {**dict(list(types_of(known).items())[:6]), "missing": "bigint"}',
  '    for number, rows in ((2, full), (3, short)):',
  '        step = f"{entry}__accepted_{number}"',
  '        if rows:',
  '            keep_rows(step, {step: (types, rows)})',
  '        else:',
  '            keep_none(step, spark.table(f"{entry}__accepted_1"))',
  '    filled.add(entry)',
  '    return True',
];
