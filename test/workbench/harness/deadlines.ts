/**
 * Milliseconds after which a wait counts as hung. No measure of speed: other tests run at the same time, and each wait
 * ends with its signal.
 */
export const hung = 180_000;
