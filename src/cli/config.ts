/**
 * The thin shell around resolveConfig: reads `.env`, the configuration file and the environment.
 * Deliberately decides nothing. Secrets leave `process.env` here, so that no child process
 * inherits them (F99).
 */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { absolute, defaultConfigFile, type Platform } from './config-paths.ts';
import { type ConfigRefusal, type ResolvedConfig, resolveConfig } from './config-resolve.ts';
import type { SettingName } from './config-schema.ts';
import { isSecretName } from './config-sources.ts';

export {
  type Config,
  type ConfigRefusal,
  type Credentials,
  engineConfig,
  type Origins,
  originText,
  type Paths,
  type ResolvedConfig,
  resolveConfig,
} from './config-resolve.ts';

/** More than any honest configuration; a device or a log file named by mistake stops here. */
const FILE_BYTES_MAX = 1_000_000;

/** Where the configuration file is, or would be. */
export function configFileOf(asked: string | undefined, env: LoadRequest['env']): string {
  const platform: Platform = { os: process.platform, home: homedir(), cwd: process.cwd() };
  return asked === undefined ? defaultConfigFile(platform, env) : absolute(platform, asked);
}

export interface LoadRequest {
  /** Flags given, as text, by setting name. */
  readonly options: Readonly<Partial<Record<SettingName, string>>>;
  /** `--config`. */
  readonly configFile: string | undefined;
  /** Usually `process.env`; names that hold secrets are removed from it. */
  readonly env: Record<string, string | undefined>;
  readonly purpose?: 'login' | undefined;
}

/** Reads every source and resolves them; a file that cannot be read is a fault like any other. */
export function loadConfig(request: LoadRequest): ResolvedConfig | ConfigRefusal {
  const platform: Platform = { os: process.platform, home: homedir(), cwd: process.cwd() };
  const env = { ...request.env };
  for (const name of Object.keys(request.env)) {
    if (isSecretName(name)) delete request.env[name];
  }
  const asked = request.configFile;
  const file = configFileOf(asked, env);
  const faults: string[] = [];
  const dotenv = read(join(platform.cwd, '.env'), 'optional', faults);
  const text = read(file, asked === undefined ? 'optional' : 'required', faults);
  if (faults.length > 0) return { status: 'refused', faults, warnings: [] };
  return resolveConfig({
    options: request.options,
    env,
    dotenv,
    configFile: text === undefined ? undefined : { path: file, text },
    platform,
    readNote: (path) => read(path, 'optional', []),
    purpose: request.purpose,
  });
}

function read(file: string, need: 'optional' | 'required', faults: string[]): string | undefined {
  try {
    const text = readFileSync(file, 'utf8');
    if (text.length <= FILE_BYTES_MAX) return text;
    faults.push(`${file} is too large for a configuration file: name another one.`);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' && need === 'optional') return undefined;
    const why = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code ?? 'unknown'})`;
    faults.push(`${file} ${why}: check the name and its permissions.`);
  }
  return undefined;
}
