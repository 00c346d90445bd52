/**
 * The door of this folder and its table of contents.
 * Deliberately lists what the wiring and the reports need; everything else stays inside.
 */
export {
  allowedHosts,
  createLiveSentiment,
  type LiveSentimentPorts,
  type LiveSentimentSettings,
  RATE_LIMITS,
  REFRESH_MS,
} from './assemble.ts';
export {
  type CalendarEvent,
  createEventCalendar,
  daysUntil,
  type EventCalendar,
  type EventWindow,
} from './event-calendar.ts';
export { type EventFileRead, type EventLine, readEventFile } from './event-file.ts';
export type { Spent } from './limits.ts';
export type { Key, RandomSource, SentimentNote, Sha256 } from './opinion.ts';
export type { SentimentCounts, SentimentPoller, SentimentStatus } from './poller.ts';
export { type PromptTemplate, promptFiles, readTemplate } from './prompt.ts';
export type { FetchLike } from './providers.ts';
export { createSentimentReplay, type ReplaySettings } from './replay.ts';
export {
  exportSentimentCsv,
  importSentimentCsv,
  type SentimentImport,
  type SentimentStore,
  type StoredSentiment,
} from './store.ts';
