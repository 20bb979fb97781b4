/** Roles of the candidates that hold numbers, which a teacher can be. */
export const teacherRoles = ['teacher', 'score', 'rank'] as const;
