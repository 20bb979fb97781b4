/** Deeper nodes are not read: no config needs them, and a malicious text would overflow the stack. */
export const MAX_DEPTH = 64;
