/**
 * The shells that `completion` speaks. Deliberately alone: the command line must not load the rest.
 */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];
