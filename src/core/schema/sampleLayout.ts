/** How the rows of a sample are laid out in its file. docs/samples.md: Layouts. */
export const sampleLayouts = ['long', 'wide', 'grouped', 'request', 'user'] as const;
export type SampleLayout = (typeof sampleLayouts)[number];

export const isSampleLayout = (text: string | undefined): text is SampleLayout =>
  sampleLayouts.some((layout) => layout === text);

/** True if a row of the file holds all groups of a request or of a user. */
export const isBundled = (layout: SampleLayout): layout is 'request' | 'user' =>
  layout === 'request' || layout === 'user';

/** True if all samples of a row of the file are elements of its lists. */
export const hasSampleLists = (layout: SampleLayout): boolean => layout === 'grouped' || isBundled(layout);
