interface Shown {
  readonly users: readonly { readonly user: string; readonly groups: readonly Record<string, unknown>[] }[];
}

/** The groups of `preview --format json`, without what an extract does not have: in-batch negatives and percentiles. */
export function shownGroups(json: string): Shown['users'] {
  const { users } = JSON.parse(json) as Shown;
  return users.map((user) => ({
    ...user,
    groups: user.groups.map(({ in_batch: _inBatch, ...group }) => group),
  }));
}
