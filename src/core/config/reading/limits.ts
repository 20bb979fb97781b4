/** Nodes deeper than this are not read: no config needs them, and a bomb would exhaust the stack. */
export const MAX_DEPTH = 64;
