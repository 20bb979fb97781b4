/** Event number of a row without an event. */
export const NO_EVENT = 255;
