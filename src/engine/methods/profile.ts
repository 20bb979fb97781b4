import type { Method } from './method.ts';

/** Profiles of columns over the rows of a filter. */
export const profile: Method<'profile'> = async (sessions, { ref, view, columns, depth = 'whole' }, context) => {
  const session = await sessions.get(ref, context);
  await session.source.settle(context);
  const { profileColumns } = await import('../profile/profile.ts');
  const started = performance.now();
  const chosen = session.columns(columns);
  const roles = session.dataset(ref).columns;
  try {
    const profiles = await profileColumns(
      session,
      view.filter,
      chosen.map((column, k) => ({ column, role: roles[columns[k] ?? 0]?.role ?? null })),
      depth,
      context,
    );
    return { columns: profiles, milliseconds: performance.now() - started };
  } catch (error) {
    throw await session.failure(error);
  }
};
