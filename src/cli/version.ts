/**
 * The version, as a constant of the bundle.
 * Deliberately not read from package.json at run time; a test keeps the two equal.
 */
export const VERSION = '0.1.0';
