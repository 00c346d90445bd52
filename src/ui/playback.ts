/**
 * A recording on the screen: what its playback does just now, and what a person wishes of it.
 * Deliberately only words and wishes: whoever mounts the screen plays, the screen only asks.
 */
import type { UiState } from './ui-state.ts';
import { stay, type UiResult } from './wishes.ts';

export interface Playback {
  readonly state: 'playing' | 'paused' | 'ended';
  /** How many times as fast as it was. */
  readonly speed: number;
}

/** `play` pauses and goes on. */
export type PlaybackWish = 'play' | 'nextBar' | 'faster' | 'slower';

/** Whoever plays the recording. */
export interface PlaybackDesk {
  now(): Playback;
  wish(wish: PlaybackWish): void;
}

export const playbackWords = ({ state, speed }: Playback): string =>
  `REPLAY x${speed}${state === 'playing' ? '' : ` ${state}`}`;

export const wishPlayback = (ui: UiState, wish: PlaybackWish): UiResult =>
  stay({ ...ui, wished: { count: ui.wished.count + 1, wish } });

/** Hands a new wish on, and looks what the playback does now. */
export function followed(ui: UiState, before: UiState, desk: PlaybackDesk | undefined): UiState {
  if (desk === undefined) return ui;
  const { count, wish } = ui.wished;
  if (wish !== undefined && count !== before.wished.count) desk.wish(wish);
  return { ...ui, playback: desk.now() };
}
