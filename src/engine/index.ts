/**
 * The vocabulary door: types, units and constructors for everyone outside the engine.
 * Deliberately no behaviour: `step`, `state` and `drive` are for `runtime` and `sim` alone.
 */
export * from './assert.ts';
export * from './config.ts';
export * from './decision-record.ts';
export * from './effect.ts';
export * from './event.ts';
export * from './format.ts';
export * from './model.ts';
export * from './panic-proof.ts';
export type * from './permitted.ts';
export type * from './ports.ts';
export * from './snapshot-shape.ts';
export * from './units.ts';
export * from './zones.ts';
