/** Roles of numeric columns of the candidates that can be a teacher. */
export const teacherRoles = ['teacher', 'score', 'rank'] as const;
