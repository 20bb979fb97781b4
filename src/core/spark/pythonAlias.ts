/**
 * The function `alias_rows` of a job in Python: the rows of a step `<pool>__alias` from the weights of the items in pool
 * order, as `aliasTable` of the kernel and the statements of `addAliasTable` make them. Python's integers are exact, and
 * its doubles are those of the statements.
 */
export const aliasRows = [
  'def alias_rows(weights):',
  '    """j, threshold and alias of each column of an alias table. docs/sampling.md: Pools."""',
  '    size = 1 << (len(weights) - 1).bit_length()',
  '    total, upto, end, masses = sum(weights), 0, 0, []',
  '    for weight in weights:',
  '        upto += weight',
  '        before, end = end, math.floor(float(upto) / float(total) * (float(size) * float(UNIT)))',
  '        masses.append(end - before)',
  '    masses += [0] * (size - len(masses))',
  '    light = [j for j, mass in enumerate(masses) if mass < UNIT]',
  '    heavy = [j for j, mass in enumerate(masses) if mass >= UNIT]',
  '    rows = []',
  '    # The first heavy column whose surpluses cover the deficits of the light columns before.',
  '    place, surplus, deficit = 0, masses[heavy[0]] - UNIT, 0',
  '    for j in light:',
  '        while surplus < deficit:',
  '            place += 1',
  '            surplus += masses[heavy[place]] - UNIT',
  '        rows.append((j, masses[j], heavy[place]))',
  '        deficit += UNIT - masses[j]',
  '    # The light column that takes more than the surpluses so far: what is missing comes from the next heavy column.',
  '    place, surplus, deficit = 0, 0, 0',
  '    for j, after in zip(heavy, heavy[1:] + [None]):',
  '        surplus += masses[j] - UNIT',
  '        while place < len(light) and deficit <= surplus:',
  '            deficit += UNIT - masses[light[place]]',
  '            place += 1',
  '        rows.append((j, UNIT - (deficit - surplus), after) if deficit > surplus else (j, UNIT, j))',
  '    return rows',
];

/** The steps that a small pool does not need, after that with the ranges of its items. */
export const aliasSteps = ['pool', 'columns', 'sums', 'search', 'alias'] as const;
