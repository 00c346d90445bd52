/**
 * The verbs that look at the configuration: list, get, path, check.
 * Deliberately read-only, and secrets stay masked in every form.
 */
import type { ConfigRefusal, ResolvedConfig } from '../config.ts';
import { nameOf, originText } from '../config-resolve.ts';
import { SETTING_ROWS } from '../config-schema.ts';
import type { Setting } from '../config-setting.ts';
import { EXIT } from '../exit.ts';
import type { Io } from '../io.ts';
import { nearest } from '../nearest.ts';
import { type Place, placeOf } from '../run-place.ts';
import { UnplayableRecording } from '../sim-market.ts';

type Loaded = ResolvedConfig | ConfigRefusal;

interface Shown {
  readonly name: string;
  /** Absent when nothing is set and there is no default. */
  readonly value: string | undefined;
  readonly origin: string;
}

/** Every setting as it may be shown: secrets masked. */
export function shownSettings(resolved: ResolvedConfig): readonly Shown[] {
  const values: Readonly<Record<string, unknown>> = { ...resolved.config };
  return SETTING_ROWS.map(({ name, row }) => ({
    name: nameOf(row),
    value: name === 'server' ? resolved.config.host : textOf(row, values[name]),
    origin: originText(resolved.origins[name]),
  }));
}

function textOf(row: Setting<unknown>, value: unknown): string | undefined {
  return value === undefined ? undefined : row.kind.show(value);
}

function refused(loaded: ConfigRefusal, io: Io): number {
  for (const fault of loaded.faults) io.stderr.write(`palm-oil-tui: ${fault}\n`);
  return EXIT.usage;
}

/** Every value; `--origin` adds where it came from; `--json` gives name → {value, origin}. */
export function listSettings(
  loaded: Loaded,
  io: Io,
  options: { readonly origin: unknown; readonly json: unknown },
): number {
  if (loaded.status === 'refused') return refused(loaded, io);
  const shown = shownSettings(loaded);
  if (options.json === true) {
    const entries = shown.map((row) => [
      row.name,
      { value: row.value ?? null, origin: row.origin },
    ]);
    io.stdout.write(`${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`);
    return EXIT.ok;
  }
  const wide = Math.max(...shown.map((row) => row.name.length));
  const valueWide = Math.max(...shown.map((row) => (row.value ?? '-').length));
  for (const row of shown) {
    const value = row.value ?? '-';
    const tail = options.origin === true ? `${value.padEnd(valueWide)}  ${row.origin}` : value;
    io.stdout.write(`${row.name.padEnd(wide)}  ${tail}\n`);
  }
  return EXIT.ok;
}

/** One value on one line, empty when not set; an unknown name is an error. */
export function getSetting(
  name: string,
  loaded: Loaded,
  io: Io,
  options: { readonly json: unknown },
): number {
  const names = SETTING_ROWS.map(({ row }) => nameOf(row));
  const wanted = name.toUpperCase();
  if (!names.includes(name) && !names.includes(wanted)) {
    const near = nearest(name, names);
    const hint = near === undefined ? 'see palm-oil-tui config list' : `did you mean ${near}?`;
    io.stderr.write(`palm-oil-tui: ${JSON.stringify(name)} is not a setting: ${hint}\n`);
    return EXIT.usage;
  }
  if (loaded.status === 'refused') return refused(loaded, io);
  const row = shownSettings(loaded).find((shown) => shown.name === name || shown.name === wanted);
  const json = { name: row?.name, value: row?.value ?? null, origin: row?.origin };
  io.stdout.write(`${options.json === true ? JSON.stringify(json) : (row?.value ?? '')}\n`);
  return EXIT.ok;
}

/** The files and directories a run with these options would use. */
export function showPaths(loaded: Loaded, io: Io, options: { readonly json: unknown }): number {
  if (loaded.status === 'refused') return refused(loaded, io);
  const { configFile, dataDir } = loaded.config.paths;
  const place = placeOrRefusal(loaded, io);
  if (typeof place === 'number') return place;
  const { stateDir, journalFile: journal } = place;
  if (options.json === true) {
    io.stdout.write(`${JSON.stringify({ configFile, dataDir, stateDir, journal }, null, 2)}\n`);
    return EXIT.ok;
  }
  io.stdout.write(`configuration  ${configFile}\ndata           ${dataDir}\n`);
  io.stdout.write(`state          ${stateDir}\njournal        ${journal}\n`);
  return EXIT.ok;
}

/** The place a run would take: in the simulator it depends on the market that is played. */
function placeOrRefusal(resolved: ResolvedConfig, io: Io): Place | number {
  try {
    return placeOf(resolved);
  } catch (error) {
    if (!(error instanceof UnplayableRecording)) throw error;
    io.stderr.write(`palm-oil-tui: ${error.message}\n`);
    return EXIT.usage;
  }
}

/** Says whether a run with these options would be allowed to start. */
export function checkSettings(loaded: Loaded, io: Io): number {
  for (const warning of loaded.warnings) io.stderr.write(`palm-oil-tui: ${warning}\n`);
  if (loaded.status === 'refused') return refused(loaded, io);
  const { environment, mode, account } = loaded.config;
  const whose = account === undefined ? '' : `, account ${account}`;
  io.stdout.write(`The configuration is sound: ${environment}, ${mode}${whose}.\n`);
  return EXIT.ok;
}
