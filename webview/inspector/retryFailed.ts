import type { InspectorModel } from './inspectorModel.ts';

/** After a restart of the server: requests again what failed, and leaves alone what is shown. */
export function retryFailed(model: InspectorModel): void {
  const { pages, profiles, audit } = model;
  if (model.failure) void model.open();
  else if (model.viewFailure) model.retryView();
  else {
    if (pages.failure || pages.cancelled) model.retryPages();
    if (profiles.failure) profiles.retry();
  }
  if (audit.state.kind === 'failed') audit.reset();
}
