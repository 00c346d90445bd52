/**
 * The log of a run: rotated files in its state directory, and standard output where no screen is.
 * Deliberately knows no events; report.ts says what is in it.
 */
import { join } from 'node:path';
import { createLog, type Log, type LogLevel } from '../runtime/log.ts';
import { systemClock } from '../runtime/loop.ts';
import type { Config } from './config.ts';

const MIB = 1_048_576;

/** The file that is written; older ones beside it have a number at the end. */
export const logFile = (stateDir: string): string => join(stateDir, 'log', 'engine.log');

/** Opens it; a headless run with no files kept writes to standard output alone. */
export function openRunLog(config: Config, stateDir: string): Log {
  const { ui, logFiles, logFileMib } = config;
  const file = logFile(stateDir);
  const clock = systemClock();
  return createLog({
    level: logLevel(config.logLevel),
    to: [...(ui ? [] : [1]), ...(ui || logFiles > 0 ? [file] : [])],
    maxBytes: logFileMib * MIB,
    keep: Math.max(1, logFiles),
    secrets: secretsOf(config),
    now: () => clock.wall(),
  });
}

/** The levels of the configuration as the log has them. */
export function logLevel(level: Config['logLevel']): LogLevel {
  if (level === 'trace' || level === 'debug') return 'debug';
  if (level === 'fatal' || level === 'silent' || level === 'error') return 'error';
  return level;
}

/** What no line may show. */
export const secretsOf = (config: Config): string[] =>
  [
    config.credentials?.clientSecret.reveal(),
    config.credentials?.accessToken?.reveal(),
    config.perplexityApiKey?.reveal(),
    config.alertWebhook?.reveal(),
    config.alertTelegramToken?.reveal(),
    config.alertNtfy?.reveal(),
    config.alertNtfyToken?.reveal(),
    config.alertEmailPassword?.reveal(),
    config.deadmanUrl?.reveal(),
  ].filter((text): text is string => text !== undefined);
