import * as v from 'valibot';

/** Glance → host. */
export const sidebarNotifications = {
  ready: v.null(),
  openDemo: v.null(),
  openTour: v.null(),
  chooseFile: v.null(),
  showLog: v.null(),
  refresh: v.null(),
  /** Shows the tab Audit of the active sample file. */
  showAudit: v.null(),
} as const;
