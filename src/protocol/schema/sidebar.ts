import * as v from 'valibot';

/** Glance → host. */
export const sidebarNotifications = {
  ready: v.null(),
  openDemo: v.null(),
  chooseFile: v.null(),
  showLog: v.null(),
  refresh: v.null(),
} as const;
